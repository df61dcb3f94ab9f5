/* Requests that no HTTP library would send; client.h explains the function. */

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "client.h"

/* Connects to the host of BASE_URL, which is an IPv4 address and a port. */
static int
connect_raw(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	unsigned a, b, c, d, port;
	const struct timeval patience = {.tv_sec = 20};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	ck_assert_int_eq(sscanf(getenv("BASE_URL"), "http://%u.%u.%u.%u:%u", &a,
				&b, &c, &d, &port),
			 5);
	to.sin_addr.s_addr = htonl(a << 24 | b << 16 | c << 8 | d);
	to.sin_port = htons((uint16_t)port);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

struct answer *
send_bytes(const char *bytes, size_t n)
{
	struct answer *a = arena_alloc(test_arena(), sizeof(*a));
	char part[4096], *end;
	const char *why;
	struct buf all;
	ssize_t got;
	int fd = connect_raw();

	a->request = (struct request){.method = "(bytes)", .path = bytes};
	buf_init(&all, ANSWER_MAX);
	ck_assert_int_eq(send(fd, bytes, n, MSG_NOSIGNAL), (ssize_t)n);
	while ((got = read(fd, part, sizeof(part))) > 0)
		buf_add(&all, part, (size_t)got);
	close(fd);
	a->head = arena_memdup(test_arena(), all.data, all.len);
	a->text = "";
	(void)sscanf(a->head, "HTTP/1.%*c %d", &a->status);
	end = strstr(a->head, "\r\n\r\n");
	if (end) {
		a->text = end + 4;
		a->len = strlen(a->text);
		end[2] = '\0';
	}
	a->json = json_parse(test_arena(), a->text, a->len, &why);
	buf_release(&all);
	return a;
}
