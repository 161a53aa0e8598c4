// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load --confirm-within: the waiting process, and what talks to it:
 * confirm, rollback, show archive config rollback timer
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "configure.h"
#include "say.h"
#include "transaction.h"
#include "trial.h"

#define TALK_MAX 128		/* a request or an answer */
#define CLIENT_SECONDS 2	/* a client that says nothing is left alone */
#define AGAIN_MS 1000		/* between tries of what cannot be done yet */
#define LOCKED_MS 100		/* while a load holds the lock */

/*
 * What the waiting process tells the load, and what it is told by it. Either end says
 * nothing when it is killed.
 */
#define TOLD_READY 'r'
#define TOLD_LOADED 'l'
#define TOLD_NOTHING 'n'

/* --------------------------------------------------------------------- the socket */

/* One for each network namespace, since -n may share /run among several. */
static int address(struct sockaddr_un *addr)
{
	struct stat st;

	if (stat("/proc/self/ns/net", &st))
		return -errno;
	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(addr->sun_path, sizeof(addr->sun_path), "/run/cryptomap.trial-%lu",
		 (unsigned long)st.st_ino);
	return 0;
}

/* Reads up to the end of a line, which is cut off. */
static int read_line(int fd, char line[TALK_MAX])
{
	size_t len = 0;
	ssize_t n;

	while (len < TALK_MAX - 1) {
		n = read(fd, line + len, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return -EPIPE;
		if (line[len] == '\n') {
			line[len] = '\0';
			return 0;
		}
		len++;
	}
	return -EMSGSIZE;
}

/*
 * One request. Return: 0 and the answer without its "ok"; -ENOENT when nobody waits;
 * another negative errno after saying why.
 */
static int ask(const char *request, char answer[TALK_MAX])
{
	struct sockaddr_un addr;
	char line[TALK_MAX];
	int fd, ret;

	ret = address(&addr);
	fd = ret ? ret : ctl_connect(addr.sun_path);
	if (fd == -ENOENT)
		return fd;
	ret = fd < 0 ? fd : 0;
	if (!ret)
		ret = ctl_send(fd, request, strlen(request));
	if (!ret)
		ret = ctl_send(fd, "\n", 1);
	if (!ret)
		ret = read_line(fd, line);
	if (fd >= 0)
		close(fd);
	if (ret) {
		fprintf(stderr, "cryptomap: no answer from the process that waits to roll back: %s%s\n",
			strerror(-ret), needs_root(-ret));
		return ret;
	}
	if (!strncmp(line, "ok", 2)) {
		strcpy(answer, line + 2);
		return 0;
	}
	fprintf(stderr, "cryptomap: %s\n", line);
	return -EINVAL;
}

/* -------------------------------------------------------------- the waiting process */

/* struct waiter - what the waiting process knows */
struct waiter {
	struct nl *nl;			/* has the transaction that falls back */
	char *phase1;			/* that of before */
	int told;			/* by the load; -1 later */
	int listener;
	int client;			/* wants to know when all is rolled back; -1 for none */
	unsigned int within;		/* seconds */
	int64_t deadline;		/* ms since boot; INT64_MAX while the load is under way */
	bool phase1_back, kernel_back;	/* done, or refused for good */
	const char *refused;		/* what was, or NULL */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static volatile sig_atomic_t terminated;

static void on_term(int signo)
{
	(void)signo;
	terminated = 1;
}

/* The time goes on while the machine sleeps. */
static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

static unsigned int seconds_left(const struct waiter *w)
{
	int64_t left = w->deadline - now_ms();

	return left > 0 ? (left + 999) / 1000 : 0;
}

static void say(int fd, const char *text)
{
	/* who asked may be gone */
	ctl_send(fd, text, strlen(text));
	ctl_send(fd, "\n", 1);
	close(fd);
}

static void __attribute__((noreturn)) leave(struct waiter *w)
{
	unlink(w->path);
	ios_text_free(w->phase1);
	_exit(0);
}

static bool passing(int err)
{
	return err == -ENOMEM || err == -ENOBUFS || err == -EAGAIN || err == -EINTR;
}

/* Nothing to fall back to any more. Return: false when it has to be tried again. */
static bool forget(struct waiter *w)
{
	uint64_t generation;

	/* in place of the one that falls back; without the module there is none */
	return !passing(transaction_begin(w->nl, &generation));
}

/* One try. Phase 1 goes first, as in a load. */
static void roll_back(struct waiter *w)
{
	bool running;
	int ret;

	if (!w->phase1_back) {
		ret = ctl_config_set(w->phase1, &running, true);
		/* what charon refuses now it refuses again; all else may pass */
		w->phase1_back = !ret || ret == -EINVAL;
		if (ret == -EINVAL)
			w->refused = "charon refuses the configuration of before";
	}
	if (!w->kernel_back) {
		ret = transaction_fall_back(w->nl);
		w->kernel_back = !passing(ret);
		if (ret && w->kernel_back)
			w->refused = "the kernel module refuses the configuration of before, or was unloaded";
	}
	if (!w->phase1_back || !w->kernel_back)
		return;
	syslog(w->refused ? LOG_ERR : LOG_NOTICE, "not confirmed: %s",
	       w->refused ? w->refused : "the configuration of before is back");
	if (w->client >= 0)
		say(w->client, w->refused ? w->refused : "ok");
	leave(w);
}

/* Return: ms until the next try. */
static int try_roll_back(struct waiter *w)
{
	int lock = lock_loads(LOCK_NB);

	if (lock < 0)
		return LOCKED_MS;
	roll_back(w);
	close(lock);
	return AGAIN_MS;
}

static void extend(struct waiter *w, const char *seconds)
{
	w->within = atoi(seconds);
	w->deadline = now_ms() + w->within * INT64_C(1000);
}

static void serve(struct waiter *w)
{
	struct timeval limit = { .tv_sec = CLIENT_SECONDS };
	int fd = accept4(w->listener, NULL, NULL, SOCK_CLOEXEC);
	char line[TALK_MAX], answer[TALK_MAX] = "ok";

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (read_line(fd, line)) {
		close(fd);
		return;
	}
	if (!strcmp(line, "rollback")) {
		if (w->client >= 0)
			close(w->client);
		w->client = fd;
		w->deadline = now_ms();
		return;
	}
	if (!strcmp(line, "status")) {
		snprintf(answer, sizeof(answer), "ok %u %u", seconds_left(w), w->within);
	} else if (w->phase1_back || w->kernel_back) {
		strcpy(answer, "it is being rolled back already");
	} else if (!strncmp(line, "extend ", 7)) {
		extend(w, line + 7);
	} else if (!strcmp(line, "confirm") && !forget(w)) {
		strcpy(answer, "out of memory, try again");
	} else if (!strcmp(line, "confirm")) {
		syslog(LOG_NOTICE, "the configuration is confirmed");
		say(fd, answer);
		leave(w);
	} else {
		strcpy(answer, "unknown request");
	}
	say(fd, answer);
}

static void hear(struct waiter *w)
{
	char word = 0;
	ssize_t n;

	do
		n = read(w->told, &word, 1);
	while (n < 0 && errno == EINTR);
	close(w->told);
	w->told = -1;
	if (n == 1 && word == TOLD_NOTHING && forget(w))
		leave(w);
	/* a load that died may have changed something */
	w->deadline = now_ms() + (n == 1 ? w->within * INT64_C(1000) : 0);
}

static void __attribute__((noreturn)) wait_for_end(struct waiter *w)
{
	/* who asks before the load has ended is answered after it */
	struct pollfd fds[] = { { .events = POLLIN }, { .events = POLLIN } };
	struct timespec ts;
	sigset_t open;
	int64_t wait;

	sigprocmask(SIG_BLOCK, NULL, &open);
	sigdelset(&open, SIGTERM);
	for (;;) {
		if (terminated)
			w->deadline = now_ms();
		wait = w->deadline == INT64_MAX ? AGAIN_MS : w->deadline - now_ms();
		if (wait <= 0)
			wait = try_roll_back(w);
		ts = (struct timespec){ wait / 1000, wait % 1000 * 1000000 };
		fds[0].fd = w->told;
		fds[1].fd = w->told < 0 ? w->listener : -1;
		fds[0].revents = fds[1].revents = 0;
		ppoll(fds, 2, &ts, &open);
		if (fds[0].revents)
			hear(w);
		if (fds[1].revents)
			serve(w);
	}
}

/* What others print to standard error. */
static ssize_t log_write(void *cookie, const char *text, size_t len)
{
	(void)cookie;
	syslog(LOG_ERR, "%.*s", (int)len, text);
	return len;
}

/*
 * Away from the terminal, and from all that is not needed. SIGTERM, which ends a session
 * or the machine, rolls back at once.
 */
static void settle_down(struct waiter *w)
{
	static const char spare_me[] = "-1000";
	struct sigaction term = { .sa_handler = on_term };
	sigset_t blocked;
	FILE *log;
	int fd;

	/* but while it waits for something */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGTERM, &term, NULL);
	prctl(PR_SET_DUMPABLE, 0);
	mlock(w->phase1, strlen(w->phase1) + 1);
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (write(fd, spare_me, strlen(spare_me)) < 0)
			syslog(LOG_WARNING, "oom_score_adj: %s", strerror(errno));
		close(fd);
	}
	fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	openlog("cryptomap", LOG_PID, LOG_DAEMON);
	log = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = log_write });
	if (log) {
		setvbuf(log, NULL, _IOLBF, 0);
		stderr = log;
	}
	if (chdir("/"))
		syslog(LOG_WARNING, "/: %s", strerror(errno));
}

/* ---------------------------------------------------------------- the load's side */

static int listen_at(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	mode_t mask;
	int ret;

	strcpy(addr.sun_path, path);
	/* left over of one that was killed: the lock of loads is ours */
	unlink(path);
	mask = umask(0177);
	ret = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	umask(mask);
	if (!ret && !listen(fd, 5))
		return fd;
	fprintf(stderr, "cryptomap: %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void waiter_close(struct waiter *w)
{
	nl_close(w->nl);
	ios_text_free(w->phase1);
	if (w->listener >= 0)
		close(w->listener);
}

static int waiter_open(struct waiter *w, unsigned int seconds)
{
	struct sockaddr_un addr;
	int ret = address(&addr);

	*w = (struct waiter){ .told = -1, .listener = -1, .client = -1, .within = seconds,
			      .deadline = INT64_MAX };
	if (ret) {
		fprintf(stderr, "cryptomap: network namespace: %s\n", strerror(-ret));
		return -1;
	}
	strcpy(w->path, addr.sun_path);
	w->phase1 = ctl_config_get();
	w->nl = w->phase1 ? nl_open() : NULL;
	if (w->nl && !transaction_begin_fallback(w->nl))
		w->listener = listen_at(w->path);
	if (w->listener >= 0)
		return 0;
	waiter_close(w);
	return -1;
}

pid_t fork_orphan(void)
{
	pid_t pid = fork(), ret;
	int status = 0;

	if (!pid) {
		pid = fork();
		if (pid)
			_exit(pid < 0 ? errno : 0);
		return 0;
	}
	do
		ret = pid < 0 ? -1 : waitpid(pid, &status, 0);
	while (pid > 0 && ret < 0 && errno == EINTR);
	if (ret > 0 && WIFEXITED(status) && WEXITSTATUS(status)) {
		errno = WEXITSTATUS(status);
		return -1;
	}
	return pid;
}

int trial_start(struct trial *trial, unsigned int seconds, int lock, struct ios_config *cfg)
{
	char word = TOLD_READY;
	struct waiter w;
	int ends[2];
	ssize_t n;
	pid_t pid;

	trial->told = -1;
	if (waiter_open(&w, seconds))
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
		fprintf(stderr, "cryptomap: socketpair: %s\n", strerror(errno));
		waiter_close(&w);
		unlink(w.path);
		return -1;
	}
	/* the shell may go on for long, and waits for no child */
	pid = fork_orphan();
	if (!pid) {
		close(ends[1]);
		close(lock);
		w.told = ends[0];
		settle_down(&w);
		/* keys of the load, and those that the shell knows, would be here for as long as it waits */
		ios_free(cfg);
		configure_end();
		ctl_send(w.told, &word, 1);
		wait_for_end(&w);
	}
	close(ends[0]);
	waiter_close(&w);
	do
		n = pid < 0 ? -1 : read(ends[1], &word, 1);
	while (pid > 0 && n < 0 && errno == EINTR);
	if (n == 1) {
		trial->told = ends[1];
		return 0;
	}
	fprintf(stderr, "cryptomap: no process to wait for a rollback: %s\n",
		n ? strerror(errno) : "it has ended");
	unlink(w.path);
	close(ends[1]);
	return -1;
}

int trial_settle(struct trial *trial, bool loaded)
{
	char word = loaded ? TOLD_LOADED : TOLD_NOTHING;
	int ret = ctl_send(trial->told, &word, 1);

	close(trial->told);
	trial->told = -1;
	return ret ? -ENOENT : 0;
}

int trial_state(struct trial_state *state)
{
	char answer[TALK_MAX];
	int ret = ask("status", answer);

	*state = (struct trial_state){ 0 };
	if (!ret && sscanf(answer, "%u %u", &state->left, &state->within) != 2)
		ret = -EPROTO;
	return ret;
}

int trial_extend(unsigned int seconds)
{
	char request[TALK_MAX], answer[TALK_MAX];

	snprintf(request, sizeof(request), "extend %u", seconds);
	return ask(request, answer);
}

unsigned int trial_parse(const char *text)
{
	unsigned long n, unit;
	char *end;

	if (*text < '0' || *text > '9')
		return 0;
	n = strtoul(text, &end, 10);
	unit = *end == 's' ? 1 : *end == 'm' ? 60 : *end == 'h' ? 3600 : 0;
	if (!unit || end[1] || n > TRIAL_MAX || n * unit < TRIAL_MIN || n * unit > TRIAL_MAX)
		return 0;
	return n * unit;
}

/* ----------------------------------------------------------------------- commands */

/* A request without arguments, to a trial that has to be there. */
static int run_request(const char *request)
{
	char answer[TALK_MAX];
	int ret = ask(request, answer);

	if (ret == -ENOENT)
		fputs("cryptomap: no configuration waits to be confirmed\n", stderr);
	return ret ? REFUSED : DONE;
}

int run_confirm(const struct args *args)
{
	(void)args;
	return run_request("confirm");
}

int run_rollback(const struct args *args)
{
	(void)args;
	return run_request("rollback");
}

int run_show_rollback(const struct args *args)
{
	struct trial_state state;
	int ret = trial_state(&state);
	time_t at = time(NULL) + state.left;
	char when[64] = "";
	struct tm tm;

	if (ret && ret != -ENOENT)
		return REFUSED;
	if (args->json)
		return json_out(args->out, ret ? json_pack("{s:b}", "pending", 0) :
				      json_pack("{s:b, s:I, s:I}", "pending", 1, "seconds-left",
						(json_int_t)state.left, "within-seconds",
						(json_int_t)state.within));
	if (ret) {
		fputs("No configuration waits to be confirmed\n", args->out);
		return DONE;
	}
	if (localtime_r(&at, &tm))
		strftime(when, sizeof(when), "%H:%M:%S %Z %a %b %e %Y", &tm);
	fprintf(args->out, "Rollback in %u seconds, at %s, unless confirmed (%u seconds were given)\n",
		state.left, when, state.within);
	return DONE;
}
