/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM crypto_map

#if !defined(_CMAP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _CMAP_TRACE_H

#include <linux/tracepoint.h>

#include "drop.h"
#include "flow.h"
#include "net.h"
#include "sa.h"
#include "trace-gen.h"

/*
 * A packet was dropped. What is not known is 0 or empty. Of an inbound SA the
 * highest number received and the size of its window are told too; other packets
 * may have moved the window between the decision and this.
 */
TRACE_EVENT(cmap_drop,
	    TP_PROTO(enum crypto_map_drop_reason reason,
		     const struct cmap_drop_info *info),
	    TP_ARGS(reason, info),
	    TP_STRUCT__entry(__field(u32, reason)
			     __field(u32, netns)
			     __field(u32, flow)
			     __array(char, map, CRYPTO_MAP_NAME_MAX + 1)
			     __field(u16, entry)
			     __field(u32, ace)
			     __field(u32, spi)
			     __field(u64, seq)
			     __field(u64, top)
			     __field(u32, window)
	    ),
	    TP_fast_assign(struct cmap_flow_name name;

			   cmap_flow_name(info->flow, &name);
			   __entry->reason = reason;
			   __entry->netns = info->cn->net->ns.inum;
			   __entry->flow = info->flow ? info->flow->id : 0;
			   memcpy(__entry->map, name.map, sizeof(name.map));
			   __entry->entry = name.entry;
			   __entry->ace = name.ace;
			   __entry->spi = info->spi;
			   __entry->seq = info->seq;
			   __entry->top = cmap_sa_top(info->sa);
			   __entry->window = cmap_sa_window(info->sa);
	    ),
	    TP_printk("reason=%s netns=%u flow=%u map=%s entry=%u ace=%u spi=0x%x seq=%llu top=%llu window=%u",
		      cmap_trace_drop_reason(__entry->reason),
		      __entry->netns, __entry->flow, __entry->map,
		      __entry->entry, __entry->ace, __entry->spi,
		      __entry->seq, __entry->top, __entry->window)
);

/* The daemon is asked for an SA, or asked again. */
TRACE_EVENT(cmap_acquire,
	    TP_PROTO(const struct cmap_flow *flow),
	    TP_ARGS(flow),
	    TP_STRUCT__entry(__field(u32, netns)
			     __field(u32, flow)
			     __array(char, map, CRYPTO_MAP_NAME_MAX + 1)
			     __field(u16, entry)
			     __field(u32, ace)
	    ),
	    TP_fast_assign(struct cmap_flow_name name;

			   cmap_flow_name(flow, &name);
			   __entry->netns = flow->cn->net->ns.inum;
			   __entry->flow = flow->id;
			   memcpy(__entry->map, name.map, sizeof(name.map));
			   __entry->entry = name.entry;
			   __entry->ace = name.ace;
	    ),
	    TP_printk("netns=%u flow=%u map=%s entry=%u ace=%u",
		      __entry->netns, __entry->flow, __entry->map,
		      __entry->entry, __entry->ace)
);

/* An SA is new, has another state, or was removed. */
TRACE_EVENT(cmap_sa,
	    TP_PROTO(const struct cmap_sa *sa),
	    TP_ARGS(sa),
	    TP_STRUCT__entry(__field(u32, netns)
			     __field(u32, flow)
			     __field(u32, spi)
			     __field(u8, dir)
			     __field(u8, state)
			     __field(bool, removed)
	    ),
	    TP_fast_assign(__entry->netns = sa->cn->net->ns.inum;
			   __entry->flow = sa->flow ? sa->flow->id : 0;
			   __entry->spi = sa->spi;
			   __entry->dir = sa->dir;
			   __entry->state = sa->state;
			   __entry->removed = sa->dead;
	    ),
	    TP_printk("netns=%u flow=%u spi=0x%x dir=%s state=%s removed=%d",
		      __entry->netns, __entry->flow, __entry->spi,
		      cmap_trace_sa_dir(__entry->dir),
		      cmap_trace_sa_state(__entry->state),
		      __entry->removed)
);

#endif /* _CMAP_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
