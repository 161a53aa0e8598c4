// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of two configurations is staged: their difference, in the module's commands.
 */
#include <string.h>

#include "load.h"
#include "tap.h"

/* struct nl_batch - told one after the other: "+acl A" is staged, "-acl A" is removed */
struct nl_batch {
	char told[1024];
};

static struct nl_batch batch;
static union {
	char bytes[128 << 10];
	struct nlmsghdr nlh;
} message;
static uint8_t last;

struct nl_batch *__wrap_nl_batch_new(struct nl *nl, const char *file);
struct nlmsghdr *__wrap_nl_batch_message(struct nl_batch *b, uint8_t cmd, size_t room,
					 unsigned int line);
int __wrap_nl_batch_end(struct nl_batch *b);
void __wrap_nl_batch_free(struct nl_batch *b);
int __wrap_make_config(struct nl *nl, struct ios_config *cfg, const struct args *args,
		       uint64_t *generation, bool anew);

/* The message that was put last: its command, and what it names. */
static void tell(void)
{
	static const struct {
		const char *word;
		uint16_t name, second, number;
	} commands[] = {
		[CRYPTO_MAP_CMD_ACL_NEW] = { "+acl", CRYPTO_MAP_A_ACL_NAME, 0, 0 },
		[CRYPTO_MAP_CMD_ACL_DEL] = { "-acl", CRYPTO_MAP_A_ACL_NAME, 0, 0 },
		[CRYPTO_MAP_CMD_TSET_NEW] = { "+tset", CRYPTO_MAP_A_TSET_NAME, 0, 0 },
		[CRYPTO_MAP_CMD_TSET_DEL] = { "-tset", CRYPTO_MAP_A_TSET_NAME, 0, 0 },
		[CRYPTO_MAP_CMD_MAP_NEW] = { "+map", CRYPTO_MAP_A_MAP_NAME, 0, 0 },
		[CRYPTO_MAP_CMD_MAP_DEL] = { "-map", CRYPTO_MAP_A_MAP_NAME, 0, 0 },
		[CRYPTO_MAP_CMD_ENTRY_NEW] = { "+entry", CRYPTO_MAP_A_ENTRY_MAP, 0,
					       CRYPTO_MAP_A_ENTRY_SEQ },
		[CRYPTO_MAP_CMD_ENTRY_DEL] = { "-entry", CRYPTO_MAP_A_ENTRY_MAP, 0,
					       CRYPTO_MAP_A_ENTRY_SEQ },
		[CRYPTO_MAP_CMD_ATTACH_NEW] = { "+attach", CRYPTO_MAP_A_ATTACH_IFNAME,
						CRYPTO_MAP_A_ATTACH_MAP, 0 },
		[CRYPTO_MAP_CMD_ATTACH_DEL] = { "-attach", CRYPTO_MAP_A_ATTACH_IFNAME,
						CRYPTO_MAP_A_ATTACH_MAP, 0 },
	};
	const struct nlattr *attr;
	FILE *f;

	if (last == CRYPTO_MAP_CMD_GLOBALS_SET || !last)
		return;
	f = fmemopen(batch.told, sizeof(batch.told), "a");
	fputs(commands[last].word, f);
	mnl_attr_for_each(attr, &message.nlh, 0) {
		if (attr->nla_type == commands[last].number)
			fprintf(f, " %u", mnl_attr_get_u16(attr));
		else if (attr->nla_type == commands[last].name ||
			 attr->nla_type == commands[last].second)
			fprintf(f, " %s", mnl_attr_get_str(attr));
	}
	fputc('\n', f);
	fclose(f);
}

struct nl_batch *__wrap_nl_batch_new(struct nl *nl, const char *file)
{
	(void)nl;
	(void)file;
	batch.told[0] = '\0';
	last = 0;
	return &batch;
}

struct nlmsghdr *__wrap_nl_batch_message(struct nl_batch *b, uint8_t cmd, size_t room,
					 unsigned int line)
{
	(void)b;
	(void)room;
	(void)line;
	tell();
	last = cmd;
	return mnl_nlmsg_put_header(&message);
}

int __wrap_nl_batch_end(struct nl_batch *b)
{
	(void)b;
	tell();
	return 0;
}

void __wrap_nl_batch_free(struct nl_batch *b)
{
	(void)b;
}

int __wrap_make_config(struct nl *nl, struct ios_config *cfg, const struct args *args,
		       uint64_t *generation, bool anew)
{
	(void)nl;
	(void)cfg;
	(void)args;
	(void)anew;
	++*generation;
	return 0;
}

static void changes(const char *what, const char *old, const char *new, const char *wanted)
{
	struct ios_config *from = ios_parse("old", old, strlen(old), 0);
	struct ios_config *to = ios_parse("new", new, strlen(new), 0);
	struct args args = { .out = stdout };
	uint64_t generation = 7;
	int ret = change_config(NULL, from, to, &args, &generation);

	if (!tap_ok(!ret && generation == 8 && !strcmp(batch.told, wanted), "%s", what))
		printf("# %s\n", batch.told);
	ios_free(from);
	ios_free(to);
}

#define SET "crypto ipsec transform-set TS esp-aes esp-sha-hmac\n"
#define LIST "ip access-list extended A\n permit ip any host 10.0.0.1\n"
#define ENTRY(n) "crypto map M " #n " ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n match address A\n"
#define MANUAL "crypto map M 5 ipsec-manual\n set peer 192.0.2.9\n set transform-set TS\n match address A\n" \
	" set session-key inbound esp 300 cipher 000102030405060708090a0b0c0d0e0f authenticator 000102030405060708090a0b0c0d0e0f10111213\n"
#define OUTBOUND \
	" set session-key outbound esp 301 cipher 000102030405060708090a0b0c0d0e0f authenticator 000102030405060708090a0b0c0d0e0f10111213\n"
#define PROFILE "crypto isakmp profile P\n match identity address 192.0.2.9 255.255.255.255\n"
#define DYNAMIC "crypto dynamic-map D 10\n set transform-set TS\n"
#define ON "interface eth1\n crypto map M\n"
#define GROUP "object-group network N\n host 10.1.0.1\n"
#define GROUPED "ip access-list extended G\n permit ip object-group N any\n"

int main(void)
{
	changes("nothing", SET LIST ENTRY(10) ON, SET LIST ENTRY(10) ON, "");
	changes("all of it", "", SET LIST ENTRY(10) ON,
		"+acl A\n+tset TS\n+map M\n+entry M 10\n+attach eth1 M\n");
	changes("and back", SET LIST ENTRY(10) ON, "", "-acl A\n-tset TS\n-map M\n-attach eth1 M\n");
	changes("an entry more", SET LIST ENTRY(10) ON, SET LIST ENTRY(10) ENTRY(20) ON,
		"+entry M 20\n");
	changes("an entry less", SET LIST ENTRY(10) ENTRY(20) ON, SET LIST ENTRY(20) ON,
		"-entry M 10\n");
	changes("a line of an entry", SET LIST ENTRY(10) ENTRY(20),
		SET LIST ENTRY(10) ENTRY(20) " set pfs\n", "+entry M 20\n");
	changes("a line of a list", SET LIST ENTRY(10), SET LIST " deny ip any any\n" ENTRY(10),
		"+acl A\n");
	changes("a transform set", SET LIST ENTRY(10), SET " mode transport\n" LIST ENTRY(10),
		"+tset TS\n");
	changes("a dynamic map", SET DYNAMIC,
		SET "crypto dynamic-map D 20\n set transform-set TS\n",
		"+entry D 20\n-entry D 10\n");
	changes("keys by hand of which one is missing are not there", SET LIST MANUAL OUTBOUND ON,
		SET LIST MANUAL ON, "-entry M 5\n");
	changes("keys by hand", SET LIST MANUAL ON, SET LIST MANUAL OUTBOUND ON, "+entry M 5\n");
	changes("beside keys by hand", SET LIST MANUAL OUTBOUND ON,
		SET LIST MANUAL OUTBOUND ENTRY(10) ON, "+entry M 10\n");
	changes("a map on another interface", SET LIST ENTRY(10) ON,
		SET LIST ENTRY(10) "interface eth2\n crypto map M\n", "-attach eth1 M\n+attach eth2 M\n");
	changes("a setting of an interface", SET LIST ENTRY(10) ON,
		SET LIST ENTRY(10) ON " crypto ipsec df-bit set\n", "+attach eth1 M\n");
	changes("local-address", SET LIST ENTRY(10),
		SET LIST ENTRY(10) "crypto map M local-address eth3\n", "+map M\n");
	changes("the device of local-address",
		SET LIST ENTRY(10) "crypto map M local-address Loopback0\ninterface Loopback0\n netdev lo\n",
		SET LIST ENTRY(10) "crypto map M local-address Loopback0\ninterface Loopback0\n netdev d0\n",
		"+map M\n");
	changes("the ISAKMP profile of a map", SET LIST PROFILE ENTRY(10),
		SET LIST PROFILE ENTRY(10) "crypto map M isakmp-profile P\n", "+map M\n");
	changes("a transform set that an entry waits for", LIST ENTRY(10) ON, SET LIST ENTRY(10) ON,
		"+tset TS\n+entry M 10\n");
	changes("who refers to a dynamic map says its family", SET DYNAMIC,
		SET DYNAMIC "crypto map ipv6 M 10 ipsec-isakmp dynamic D\n",
		"+map M\n+entry M 10\n-map D\n+map D\n+entry D 10\n");
	changes("a group takes its lists along", GROUP GROUPED LIST,
		GROUP " host 10.1.0.2\n" GROUPED LIST, "+acl N\n+acl G\n");
	changes("an IPv6 list of the same name", LIST, LIST "ipv6 access-list A\n permit ipv6 any any\n",
		"+acl A\n");
	return tap_done();
}
