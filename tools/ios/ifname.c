// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names of interfaces: which ones mean the same. IOS takes an interface's type
 * in any case and abbreviated; the name of a Linux device is what it is.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "parse.h"
#include "print.h"

/* of a type that the configuration makes, not the hardware */
enum { CONFIGURED = 1 };

/* The shortest forms are those that no other type of the table claims. */
static const struct kw types[] = {
	{ .word = "Async", .min = 2 },
	{ .word = "ATM", .min = 2 },
	{ .word = "BDI", .min = 2, .id = CONFIGURED },
	{ .word = "BRI", .min = 2 },
	{ .word = "BVI", .min = 2, .id = CONFIGURED },
	{ .word = "Cellular", .min = 2 },
	{ .word = "Dialer", .min = 2, .id = CONFIGURED },
	{ .word = "Ethernet", .min = 1 },
	{ .word = "FastEthernet", .min = 1 },
	{ .word = "FortyGigabitEthernet", .min = 2 },
	{ .word = "GigabitEthernet", .min = 1 },
	{ .word = "Group-Async", .min = 2 },
	{ .word = "HundredGigE", .min = 2 },
	{ .word = "Loopback", .min = 2, .id = CONFIGURED },
	{ .word = "Multilink", .min = 2, .id = CONFIGURED },
	{ .word = "Null", .min = 2 },
	{ .word = "Port-channel", .min = 2, .id = CONFIGURED },
	{ .word = "POS", .min = 3 },
	{ .word = "Serial", .min = 1 },
	{ .word = "TenGigabitEthernet", .min = 2 },
	{ .word = "Tunnel", .min = 2, .id = CONFIGURED },
	{ .word = "TwentyFiveGigE", .min = 4 },
	{ .word = "Virtual-Access", .min = 9 },
	{ .word = "Virtual-PPP", .min = 9 },
	{ .word = "Virtual-Template", .min = 9, .id = CONFIGURED },
	{ .word = "Vlan", .min = 2, .id = CONFIGURED },
};

/* The type that a name begins with, whether Linux has such names or not; NULL for none. */
static const struct kw *any_type_of(const char *name, struct tok *t)
{
	bool ambiguous;

	t->s = name;
	t->len = strcspn(name, "0123456789");
	if (!name[t->len] || name[strspn(name + t->len, "0123456789/.:") + t->len])
		return NULL;
	return kw_match(types, ARRAY_SIZE(types), t, &ambiguous);
}

/* The type that a name begins with; NULL for a name that is not IOS's. */
static const struct kw *type_of(const char *name, struct tok *t)
{
	const struct kw *type = any_type_of(name, t);

	/* eth0, lo1 and the like are devices of Linux */
	if (type && !tok_is(t, type->word) && islower((unsigned char)name[0]) && ios_dev_valid(name))
		return NULL;
	return type;
}

/* The type in full and the number, or a name that is not IOS's as it is. */
static void make_key(const char *name, const struct kw *type, const struct tok *t,
		     char key[IOS_NAME_MAX + 1])
{
	if (type && strlen(type->word) + strlen(name + t->len) <= IOS_NAME_MAX)
		strcpy(stpcpy(key, type->word), name + t->len);
	else
		snprintf(key, IOS_NAME_MAX + 1, "%s", name);
}

void ios_interface_key(const char *name, char key[IOS_NAME_MAX + 1])
{
	struct tok t;
	const struct kw *type = type_of(name, &t);

	make_key(name, type, &t, key);
}

void ios_interface_long_key(const char *name, char key[IOS_NAME_MAX + 1])
{
	struct tok t;
	const struct kw *type = any_type_of(name, &t);

	make_key(name, type, &t, key);
}

void ios_interface_short(const char *name, char text[IOS_NAME_MAX + 1])
{
	struct tok t;
	const struct kw *type = type_of(name, &t);

	if (type)
		snprintf(text, IOS_NAME_MAX + 1, "%.2s%s", type->word, name + t.len);
	else
		snprintf(text, IOS_NAME_MAX + 1, "%s", name);
}

bool ios_interface_full(const char *name)
{
	struct tok t;
	const struct kw *type = type_of(name, &t);

	return !type || tok_is(&t, type->word);
}

bool ios_interface_configured(const char *name)
{
	struct tok t;
	const struct kw *type = type_of(name, &t);

	return (type && type->id == CONFIGURED) || strchr(name, '.');
}
