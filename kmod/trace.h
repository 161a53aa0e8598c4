/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM crypto_map

#if !defined(_CMAP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _CMAP_TRACE_H

#include <linux/tracepoint.h>

#include "drop.h"
#include "flow.h"
#include "net.h"

/* A packet was dropped: enum crypto_map_drop_reason and what it is about. */
TRACE_EVENT(cmap_drop,
	    TP_PROTO(enum crypto_map_drop_reason reason,
		     const struct cmap_drop_info *info),
	    TP_ARGS(reason, info),
	    TP_STRUCT__entry(__field(u32, reason)
			     __field(u32, netns)
			     __field(u32, flow)
			     __field(u32, spi)
			     __field(u32, seq)
	    ),
	    TP_fast_assign(__entry->reason = reason;
			   __entry->netns = info->cn->net->ns.inum;
			   __entry->flow = info->flow ? info->flow->id : 0;
			   __entry->spi = info->spi;
			   __entry->seq = info->seq;
	    ),
	    TP_printk("reason=%u netns=%u flow=%u spi=0x%x seq=%u",
		      __entry->reason, __entry->netns, __entry->flow,
		      __entry->spi, __entry->seq)
);

#endif /* _CMAP_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
