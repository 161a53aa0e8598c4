/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters and gauges for Prometheus.
 */
#ifndef CRYPTOMAP_METRICS_H
#define CRYPTOMAP_METRICS_H

#include "ctl.h"
#include "kernel.h"

/** struct metrics - what metrics are made of; @daemon: whether charon answered */
struct metrics {
	struct stats stats;
	struct attachments attachments;
	struct flows flows;
	struct sas sas;
	struct isakmp_sas isakmp;
	bool daemon;
};

/** print_metrics() - all of them in the text format; @detail: those of entries and peers, too */
void print_metrics(FILE *f, const struct metrics *m, bool detail);

#endif
