/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request of HTTP/1.1 on a connection that somebody else accepted.
 */
#ifndef CRYPTOMAP_HTTP_H
#define CRYPTOMAP_HTTP_H

#include <stdbool.h>
#include <stdio.h>

/**
 * http_request() - read a request, within ten seconds
 * @fd:   connection
 * @path: the only one that there is; what follows "?" is ignored
 * @out:  connection, for the refusal of what is no GET of it
 *
 * Return: whether it is to be answered.
 */
bool http_request(int fd, const char *path, FILE *out);

/** http_answer() - answer it with a text; NULL: that there is none now */
void http_answer(FILE *out, const char *text);

#endif
