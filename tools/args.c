// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The values among the words of a command.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Place of a keyword among the words of the command; -1 when it has not got it. */
static int place(const struct args *args, const char *keyword)
{
	const char *s = args->command->words;
	size_t len;
	int i;

	for (i = 0; *s; i++) {
		len = strcspn(s, " ");
		if (len == strlen(keyword) && !strncmp(s, keyword, len))
			return i;
		s += len + strspn(s + len, " ");
	}
	return -1;
}

bool args_has(const struct args *args, const char *keyword)
{
	return place(args, keyword) >= 0;
}

const char *args_value(const struct args *args, const char *name)
{
	int i = place(args, name);

	return i < 0 ? NULL : args->word[i];
}

bool args_bind(struct args *args, const char *word, FILE *err)
{
	struct ios_binding *new = &args->binding[args->n_bindings], *old;
	size_t len = strcspn(word, "=");
	const char *dev = word + len + 1;

	if (!len || !word[len] || !*dev) {
		fputs("cryptomap: --interface needs NAME=DEVICE, such as GigabitEthernet0/1=eth0\n",
		      err);
		return false;
	}
	if (len > IOS_NAME_MAX) {
		fprintf(err, "cryptomap: --interface: the name of an interface has %d characters at most\n",
			IOS_NAME_MAX);
		return false;
	}
	if (!ios_dev_valid(dev)) {
		fprintf(err, "cryptomap: --interface: '%s' cannot be the name of a Linux network device\n",
			dev);
		return false;
	}
	snprintf(new->name, sizeof(new->name), "%.*s", (int)len, word);
	snprintf(new->dev, sizeof(new->dev), "%s", dev);
	for (old = args->binding; old < new; old++) {
		if (interface_is(new->name, old->name, old->name)) {
			fprintf(err, "cryptomap: --interface is there twice for %s\n", new->name);
			return false;
		}
		if (!strcmp(new->dev, old->dev)) {
			fprintf(err, "cryptomap: --interface: %s cannot be both %s and %s\n",
				new->dev, old->name, new->name);
			return false;
		}
	}
	args->n_bindings++;
	return true;
}

bool parse_address(const char *word, struct ios_addr *addr)
{
	*addr = (struct ios_addr){ .family = strchr(word, ':') ? AF_INET6 : AF_INET };
	return inet_pton(addr->family, word, addr->bytes) == 1;
}

bool parse_small(const char *word, uint32_t max, uint32_t *number)
{
	if (!*word || strlen(word) > 9 || word[strspn(word, "0123456789")])
		return false;
	*number = strtoul(word, NULL, 10);
	return *number <= max;
}

bool parse_number(const char *word, uint32_t *number)
{
	bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	const char *digits = hex ? word + 2 : word;
	uint64_t value;

	if (!*digits || strlen(digits) > 10 ||
	    digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")])
		return false;
	value = strtoull(digits, NULL, hex ? 16 : 10);
	*number = value;
	return value && value <= UINT32_MAX;
}

bool parse_size(const char *word, uint32_t *number)
{
	if (!strcmp(word, "0")) {
		*number = 0;
		return true;
	}
	return parse_number(word, number) && *number <= 512;
}
