// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Metrics of a state that is made here, and the answers to HTTP requests.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "file.h"
#include "http.h"
#include "metrics.h"
#include "no_module.h"
#include "printed.h"

static struct flow flow(uint32_t id, uint16_t seq, const char *peer, uint64_t out)
{
	struct flow flow = {
		.id = id, .ifname = "eth1", .label = "Gi0/1", .map = "M\"\\", .entry_seq = seq,
		.state = CRYPTO_MAP_FLOW_STATE_UP, .traffic.out_packets = out, .traffic.recv_errors = 1,
	};
	char remote[INET_ADDRSTRLEN];

	if (peer)
		parse_address(peer, &flow.remote);
	parse_address("10.1.0.0", &flow.selector.local);
	parse_address("0.0.255.255", &flow.selector.local_wild);
	snprintf(remote, sizeof(remote), "10.9.0.%u", id);
	parse_address(remote, &flow.selector.remote);
	parse_address("0.0.0.0", &flow.selector.remote_wild);
	flow.selector.protocol = IPPROTO_TCP;
	flow.selector.remote_port = 443;
	return flow;
}

/* Two flows of an entry with one peer, one of a second peer, one of nobody yet. */
static void print_state(FILE *f, bool detail)
{
	struct flow flows[] = {
		flow(1, 10, "192.0.2.9", 5), flow(2, 10, "2001:db8::9", 7), flow(3, 10, "192.0.2.9", 100),
		flow(4, 20, NULL, 0),
	};
	struct sa sas[] = {
		{ .dir = CRYPTO_MAP_SA_DIR_IN, .state = CRYPTO_MAP_SA_STATE_ACTIVE, .flow_id = 1 },
		{ .dir = CRYPTO_MAP_SA_DIR_OUT, .state = CRYPTO_MAP_SA_STATE_ACTIVE, .flow_id = 1 },
	};
	struct isakmp_sa isakmp[] = {
		{ .remote = "192.0.2.9", .state = "QM_IDLE" },
		{ .remote = "2001:db8::9", .state = "MM_KEY_EXCH" },
		{ .remote = "192.0.2.9", .state = "QM_IDLE", .deleted = true },
	};
	struct attachment attachment = { .ifname = "eth1", .label = "Gi0/1", .map = "M\"\\", .mtu = 1500,
					 .rules = 4, .bytes = 640,
					 .traffic = { .out_packets = 112, .recv_errors = 4 } };
	struct metrics m = {
		.stats = { .version = "1.0", .held = 3,
			   .drop_total = { [CRYPTO_MAP_DROP_REASON_REPLAY] = UINT64_MAX } },
		.attachments = { &attachment, 1 }, .flows = { flows, 4 }, .sas = { sas, 2 },
		.isakmp = { isakmp, 3 }, .daemon = true,
	};

	print_metrics(f, &m, detail);
}

static void has_lines(bool detail, const char *const *lines)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	print_state(f, detail);
	fclose(f);
	for (; *lines; lines++)
		tap_ok(strstr(text, *lines), "metric%s: %s", detail ? " of detail" : "",
		       strtok(strdupa(*lines), "\n"));
	tap_ok(detail == !!strstr(text, "peer="), "peers are told with detail only");
	free(text);
}

static void test_values(void)
{
	static const char *const plain[] = {
		"# HELP cryptomap_build_info Version of the kernel module.\n"
		"# TYPE cryptomap_build_info gauge\ncryptomap_build_info{version=\"1.0\"} 1\n",
		"\ncryptomap_ike_daemon_up 1\n",
		"\ncryptomap_isakmp_sas{state=\"QM_IDLE\"} 1\n",
		"\ncryptomap_isakmp_sas{state=\"MM_KEY_EXCH\"} 1\n",
		"\ncryptomap_isakmp_sas{state=\"AG_AUTH\"} 0\n",
		"\ncryptomap_ipsec_sas{direction=\"inbound\",state=\"active\"} 1\n",
		"\ncryptomap_ipsec_sas{direction=\"outbound\",state=\"standby\"} 0\n",
		"\ncryptomap_flows{state=\"up\"} 4\n",
		"\ncryptomap_held_packets 3\n",
		"\ncryptomap_sessions{status=\"UP-ACTIVE\"} 1\n",
		"\ncryptomap_sessions{status=\"DOWN-NEGOTIATING\"} 1\n",
		"\ncryptomap_sessions{status=\"DOWN\"} 1\n",
		"\ncryptomap_dropped_packets_total{reason=\"replay\"} 18446744073709551615\n",
		"\ncryptomap_interface_up{interface=\"Gi0/1\",map=\"M\\\"\\\\\"} 1\n",
		"\ncryptomap_ruleset_rules{interface=\"Gi0/1\",map=\"M\\\"\\\\\"} 4\n",
		"\ncryptomap_transmit_packets_total{interface=\"Gi0/1\",map=\"M\\\"\\\\\"} 112\n",
		"\ncryptomap_receive_errors_total{interface=\"Gi0/1\",map=\"M\\\"\\\\\"} 4\n",
		NULL,
	};
	static const char *const detail[] = {
		"\ncryptomap_flow_transmit_packets_total{interface=\"Gi0/1\",map=\"M\\\"\\\\\",entry=\"10\","
		"flow=\"1\",local=\"10.1.0.0/255.255.0.0/6/0\",remote=\"10.9.0.1/255.255.255.255/6/443\",peer=\"192.0.2.9\"} 5\n",
		"\ncryptomap_flow_transmit_packets_total{interface=\"Gi0/1\",map=\"M\\\"\\\\\",entry=\"10\","
		"flow=\"3\",local=\"10.1.0.0/255.255.0.0/6/0\",remote=\"10.9.0.3/255.255.255.255/6/443\",peer=\"192.0.2.9\"} 100\n",
		"\ncryptomap_flow_transmit_packets_total{interface=\"Gi0/1\",map=\"M\\\"\\\\\",entry=\"10\","
		"flow=\"2\",local=\"10.1.0.0/255.255.0.0/6/0\",remote=\"10.9.0.2/255.255.255.255/6/443\",peer=\"2001:DB8::9\"} 7\n",
		"\ncryptomap_flow_transmit_packets_total{interface=\"Gi0/1\",map=\"M\\\"\\\\\",entry=\"20\","
		"flow=\"4\",local=\"10.1.0.0/255.255.0.0/6/0\",remote=\"10.9.0.4/255.255.255.255/6/443\",peer=\"\"} 0\n",
		"\ncryptomap_session_up{interface=\"Gi0/1\",peer=\"192.0.2.9\"} 1\n",
		"\ncryptomap_session_up{interface=\"Gi0/1\",peer=\"2001:DB8::9\"} 0\n",
		NULL,
	};

	has_lines(false, plain);
	has_lines(true, detail);
}

/* Every metric that a file names is there. */
static void names_of(const char *path)
{
	char *said, *text = NULL, name[128];
	FILE *f = fopen(path, "r"), *out;
	unsigned int n = 0, missing = 0;
	size_t len, size = 0;
	const char *at;

	out = open_memstream(&said, &len);
	print_state(out, true);
	fclose(out);
	if (!f || getdelim(&text, &size, '\0', f) < 0)
		exit(1);
	fclose(f);
	for (at = text; (at = strstr(at, "cryptomap_")); at += len) {
		len = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
		snprintf(name, sizeof(name), "# TYPE %.*s ", (int)len, at);
		n++;
		if (!strstr(said, name)) {
			missing++;
			printf("# no metric %.*s\n", (int)len, at);
		}
	}
	tap_ok(n && !missing, "metrics that %s names", strrchr(path, '/') + 1);
	free(text);
	free(said);
}

static void test_format(void)
{
	FILE *checker = popen(HELPERS "/prometheus.py", "w");

	fflush(stdout);
	print_state(checker, true);
	tap_ok(!pclose(checker), "the format is that of Prometheus");
}

/* What a request is answered, which it is if @good with "text". */
static void asked(const char *request, bool good, const char *wanted)
{
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);
	int fd[2];

	if (pipe(fd) || write(fd[1], request, strlen(request)) < 0)
		exit(1);
	close(fd[1]);
	if (tap_ok(http_request(fd[0], "/metrics", f) == good, "HTTP: %.20s", strtok(strdupa(request), "\r\n")) &&
	    good)
		http_answer(f, "text");
	close(fd[0]);
	is("its answer", f, &got, wanted);
}

static void test_http(void)
{
#define END "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n" \
	   "Content-Length: 4\r\nConnection: close\r\n\r\ntext"
	char *got;
	size_t len;
	FILE *f;

	asked("GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n", true, OK);
	asked("GET /metrics?x=y HTTP/1.0\r\n\r\n", true, OK);
	asked("GET / HTTP/1.1\r\nHost: a\r\n\r\n", false, "HTTP/1.1 404 Not Found\r\n" END);
	asked("POST /metrics HTTP/1.1\r\n\r\n", false,
	      "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n" END);
	asked("GET /metrics\r\n\r\n", false, "HTTP/1.1 400 Bad Request\r\n" END);
	asked("GET /metrics HTTP/2\r\n\r\n", false, "HTTP/1.1 400 Bad Request\r\n" END);
	asked("GET /metrics HTTP/1.1\r\nHost", false, "HTTP/1.1 400 Bad Request\r\n" END);
	f = open_memstream(&got, &len);
	http_answer(f, NULL);
	is("HTTP: nothing to tell", f, &got, "HTTP/1.1 503 Service Unavailable\r\n" END);
}

/* ----------------------------------------------------------------------- the file */

static unsigned int files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	unsigned int n = 0;

	while ((entry = readdir(dir)))
		n += *entry->d_name != '.';
	closedir(dir);
	return n;
}

/* What is said of a file that cannot be written. */
static void refused(const char *what, const char *path, int err)
{
	FILE *before = stderr;
	char *said;
	size_t len;
	int ret;

	stderr = open_memstream(&said, &len);
	ret = file_replace(path, "text", 0644);
	fclose(stderr);
	stderr = before;
	tap_ok(ret == -err && strstr(said, "cannot write /") && strstr(said, strerror(err)), "%s", what);
	free(said);
}

/* Another writer is half way: neither takes the other's text. */
static void test_textfile(void)
{
	char folder[] = "/tmp/metrics.XXXXXX", path[64], other[64], name[PATH_MAX + 1], got[8] = "";
	struct stat st = { 0 };
	int fd;

	if (!mkdtemp(folder))
		exit(1);
	snprintf(path, sizeof(path), "%s/m.prom", folder);
	snprintf(other, sizeof(other), "%s/m.prom.new", folder);
	fd = open(other, O_WRONLY | O_CREAT | O_EXCL, 0600);
	umask(077);
	tap_ok(!file_replace(path, "old", 0644) && !file_replace(path, "text", 0644),
	       "a file is written, and replaced");
	umask(022);
	tap_ok(!stat(path, &st) && (st.st_mode & 0777) == 0644 && st.st_size == 4, "for all to read");
	tap_ok(!fstat(fd, &st) && st.st_nlink == 1 && files_in(folder) == 2, "what is not its own is left alone");
	close(fd);
	fd = open(path, O_RDONLY);
	tap_ok(read(fd, got, sizeof(got)) == 4 && !strcmp(got, "text"), "the whole text is in it");
	close(fd);
	unlink(path);
	mkdir(path, 0755);
	refused("a folder is in its place", path, EISDIR);
	tap_ok(files_in(folder) == 2, "nothing is left over");
	rmdir(path);
	unlink(other);
	rmdir(folder);
	refused("no such folder", path, ENOENT);
	memset(name, 'a', PATH_MAX);
	name[0] = '/';
	name[PATH_MAX] = '\0';
	refused("a path that is too long", name, ENAMETOOLONG);
}

/* --------------------------------------------------------------------- the daemon */

/* A module that has nothing, and in place of charon one that listens and does nothing else. */
static struct sockaddr_un hung = { .sun_family = AF_UNIX };

int __wrap_kernel_stats(struct nl *nl, struct stats *stats);
int __wrap_kernel_attachments(struct nl *nl, struct attachments *attachments);
int __wrap_kernel_flows(struct nl *nl, struct flows *flows);
int __wrap_kernel_sas(struct nl *nl, struct sas *sas);
int __real_connect(int fd, const struct sockaddr *addr, socklen_t len);
int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len);

int __wrap_kernel_stats(struct nl *nl, struct stats *stats)
{
	(void)nl;
	*stats = (struct stats){ .version = "1.0" };
	return 0;
}

int __wrap_kernel_attachments(struct nl *nl, struct attachments *attachments)
{
	(void)nl;
	(void)attachments;
	return 0;
}

int __wrap_kernel_flows(struct nl *nl, struct flows *flows)
{
	(void)nl;
	(void)flows;
	return 0;
}

int __wrap_kernel_sas(struct nl *nl, struct sas *sas)
{
	(void)nl;
	(void)sas;
	return 0;
}

int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	(void)addr;
	(void)len;
	return __real_connect(fd, (struct sockaddr *)&hung, sizeof(hung));
}

/* Who scrapes waits for 10 seconds; a load waits for longer. */
static void test_hung_daemon(void)
{
	const struct command command = { .words = "metrics" };
	struct args args = { .command = &command };
	struct timeval limit = { 0 };
	int listener, fd, ret;
	socklen_t len = sizeof(limit);
	char *got;
	time_t start;
	size_t n;

	snprintf(hung.sun_path, sizeof(hung.sun_path), "/tmp/metrics.%d", (int)getpid());
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&hung, sizeof(hung)) || listen(listener, 5))
		exit(1);
	args.out = open_memstream(&got, &n);
	start = time(NULL);
	ret = run_metrics(&args);
	fclose(args.out);
	tap_ok(ret == DONE && strstr(got, "\ncryptomap_ike_daemon_up 0\n"), "a daemon that does not answer is down");
	tap_ok(time(NULL) - start < 8, "which is told in time");
	fd = ctl_connect(CTL_SOCKET);
	tap_ok(!getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, &len) && limit.tv_sec == 30,
	       "what comes later has its time");
	close(fd);
	close(listener);
	unlink(hung.sun_path);
	free(got);
}

/* One request on standard input, as the socket unit gives it. */
static void answered(bool detail)
{
	static const char request[] = "GET /metrics HTTP/1.1\r\n\r\n";
	struct input input = { .n = 2, .word = { "metrics", "http", "detail" } };
	int saved = dup(STDIN_FILENO), fd[2], ret;
	char *got;
	size_t len;

	if (saved < 0 || pipe(fd) || write(fd[1], request, strlen(request)) < 0)
		exit(1);
	dup2(fd[0], STDIN_FILENO);
	input.n += detail;
	input.out = input.err = open_memstream(&got, &len);
	ret = execute(&input, false);
	fclose(input.out);
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(fd[0]);
	close(fd[1]);
	if (!tap_ok(ret == DONE && !strncmp(got, "HTTP/1.1 200 OK\r\n", 17) &&
		    strstr(got, "\ncryptomap_build_info{version=\"1.0\"} 1\n") &&
		    !!strstr(got, "\n# TYPE cryptomap_session_up ") == detail &&
		    !!strstr(got, "\n# TYPE cryptomap_flow_transmit_packets_total ") == detail,
		    "HTTP: metrics%s", detail ? " in detail" : ""))
		printf("# got: %s\n", got);
	free(got);
}

int main(void)
{
	test_values();
	test_format();
	names_of(DOCS "/metrics.md");
	names_of(DOCS "/grafana-dashboard.json");
	test_http();
	test_textfile();
	test_hung_daemon();
	answered(false);
	answered(true);
	return tap_done();
}
