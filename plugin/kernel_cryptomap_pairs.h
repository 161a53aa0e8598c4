/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_PAIRS_H_
#define KERNEL_CRYPTOMAP_PAIRS_H_

#include <library.h>
#include <networking/host.h>
#include <sa/ike_sa_id.h>

typedef struct kernel_cryptomap_pairs_t kernel_cryptomap_pairs_t;

/**
 * Callback about a flow; the table is locked, it may only queue a job.
 *
 * @param user			as given to kernel_cryptomap_pairs_create()
 * @param flow			id of the flow
 * @param reason		why it failed, NULL if its turn has come
 * @param peer			NULL, or the peer if phase 1 with it failed
 * @param tries			0, or how often phase 1, or a quick mode, failed since begin():
 *						the flow is still there then, place() or end() is expected
 */
typedef void (*kernel_cryptomap_pairs_cb_t)(void *user, uint32_t flow,
											const char *reason, host_t *peer,
											u_int tries);

/**
 * Keeps which flows are under negotiation and in which IKE_SA.
 *
 * Flows and IKE_SAs belong to pairs of addresses, ours and the peer's, of their
 * own for each ISAKMP profile. A pair has one IKE_SA that new quick modes go to, or
 * one for each of several peers that are behind the same NAT. A limited number of its
 * flows has a place, that is, they are active: handed to charon, or to its user who
 * decides about them. Others wait for a place. One that ends passes its place on.
 *
 * Thread-safe. charon's bus may be locked when this is called; the table
 * calls neither the bus nor the IKE_SA manager.
 */
struct kernel_cryptomap_pairs_t {

	/**
	 * Start with a flow.
	 *
	 * @param flow		id of the flow
	 * @param full		set if there are too many
	 * @return			TRUE if it is neither known already nor too many
	 */
	bool (*begin)(kernel_cryptomap_pairs_t *this, uint32_t flow, bool *full);

	/**
	 * Give a flow a place, or let it wait until its turn has come. One whose
	 * turn has come has a place and keeps it, unless the addresses changed. If
	 * too many wait already it ends, and the callback is told. While one is handed to
	 * charon, which may have to wait until others are done with the IKE_SA, so do all
	 * others of the pair, and not a thread for each of them.
	 *
	 * @param flow		id of the flow
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param profile	ISAKMP profile, "" for none
	 * @return			TRUE if it is to be handed to charon; placed() is expected then
	 */
	bool (*place)(kernel_cryptomap_pairs_t *this, uint32_t flow,
				  host_t *local, host_t *remote, char *profile);

	/**
	 * A flow was handed to charon, or is not to be: the turn of others has come.
	 *
	 * @param local		our address as of place()
	 * @param remote	the peer's address
	 * @param profile	ISAKMP profile, "" for none
	 */
	void (*placed)(kernel_cryptomap_pairs_t *this, host_t *local,
				   host_t *remote, char *profile);

	/**
	 * Whether the peer refused a quick mode of a flow, for the first time.
	 *
	 * @param flow		id of the flow
	 * @return			TRUE if it did since begin(), or since phase 1 failed last
	 */
	bool (*is_refused)(kernel_cryptomap_pairs_t *this, uint32_t flow);

	/**
	 * How often phase 1 failed for a flow.
	 *
	 * @param flow		id of the flow
	 * @return			times since begin(), 0 if it is not known
	 */
	u_int (*get_tries)(kernel_cryptomap_pairs_t *this, uint32_t flow);

	/**
	 * Tell which IKE_SA a flow is negotiated in.
	 *
	 * @param flow		id of the flow
	 * @param unique	unique id of the IKE_SA
	 */
	void (*assign)(kernel_cryptomap_pairs_t *this, uint32_t flow,
				   uint32_t unique);

	/**
	 * The quick mode of a flow starts, in an IKE_SA that may be another one than
	 * that of assign().
	 *
	 * @param flow		id of the flow
	 * @param unique	unique id of the IKE_SA
	 * @param child		unique id of the CHILD_SA
	 */
	void (*started)(kernel_cryptomap_pairs_t *this, uint32_t flow,
					uint32_t unique, uint32_t child);

	/**
	 * What the peer negotiated for a flow is about to be installed. A flow that is not
	 * known is from now on, so that nobody negotiates it as well: if it is begun
	 * meanwhile its turn comes when this fails.
	 *
	 * @param flow		id of the flow
	 * @param unique	unique id of the IKE_SA
	 * @param child		unique id of the CHILD_SA
	 */
	void (*respond)(kernel_cryptomap_pairs_t *this, uint32_t flow,
					uint32_t unique, uint32_t child);

	/**
	 * A flow is up, or will not be tried.
	 *
	 * @param flow		id of the flow
	 */
	void (*end)(kernel_cryptomap_pairs_t *this, uint32_t flow);

	/**
	 * A quick mode for a flow failed; the callback is told, unless it is another one than
	 * started() or respond() told of: the peer's does not matter to ours. The flow keeps
	 * its place if the peer refused it for the first time.
	 *
	 * @param flow		id of the flow
	 * @param child		unique id of the CHILD_SA
	 */
	void (*fail)(kernel_cryptomap_pairs_t *this, uint32_t flow,
				 uint32_t child);

	/**
	 * Get the IKE_SA for new quick modes of a pair. Behind a NAT there may be several
	 * peers at one address: none gets the IKE_SA of another one.
	 *
	 * @param local		our address
	 * @param remote	the peer's address, and its UDP port if that is known, else
	 *					0 or 500, and the last IKE_SA counts
	 * @param profile	ISAKMP profile, "" for none; NULL for any of them that is
	 *					established, not to create one
	 * @param create	TRUE to leave it to the caller to create one if there
	 *					is none: it has to call created() then, and others
	 *					wait for that
	 * @return			id, to be destroyed, NULL if there is none
	 */
	ike_sa_id_t *(*get_ike)(kernel_cryptomap_pairs_t *this, host_t *local,
							host_t *remote, char *profile, bool create);

	/**
	 * Get the IKE_SA that new quick modes go to instead of another one, which they
	 * may come by still.
	 *
	 * @param unique		unique id of the other one
	 * @param established	set to whether it is established
	 * @return				id, to be destroyed; NULL if there is none
	 */
	ike_sa_id_t *(*get_successor)(kernel_cryptomap_pairs_t *this,
								  uint32_t unique, bool *established);

	/**
	 * An IKE_SA was created, see get_ike().
	 *
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param profile	ISAKMP profile, "" for none
	 * @param id		id of the IKE_SA, NULL if it could not be created
	 * @param unique	its unique id
	 */
	void (*created)(kernel_cryptomap_pairs_t *this, host_t *local,
					host_t *remote, char *profile, ike_sa_id_t *id,
					uint32_t unique);

	/**
	 * An IKE_SA was established: new quick modes go there.
	 *
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param profile	ISAKMP profile, "" for none
	 * @param id		id of the IKE_SA
	 * @param unique	its unique id
	 */
	void (*established)(kernel_cryptomap_pairs_t *this, host_t *local,
						host_t *remote, char *profile, ike_sa_id_t *id,
					uint32_t unique);

	/**
	 * An IKE_SA is succeeded by another one, which new quick modes go to.
	 *
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param profile	ISAKMP profile, "" for none
	 * @param old		unique id of the IKE_SA that is succeeded
	 * @param id		id of the successor
	 * @param unique	its unique id
	 * @param childless	there are no CHILD_SAs. charon moves quick modes then,
	 *					and if the successor is established
	 */
	void (*migrated)(kernel_cryptomap_pairs_t *this, host_t *local,
					 host_t *remote, char *profile, uint32_t old,
					 ike_sa_id_t *id, uint32_t unique, bool childless);

	/**
	 * The quick modes of an IKE_SA that did not start never will: the callback
	 * is told that the turn of their flows has come, again.
	 *
	 * @param unique	unique id of the IKE_SA
	 */
	void (*redecide)(kernel_cryptomap_pairs_t *this, uint32_t unique);

	/**
	 * The peer of an IKE_SA has another address or port.
	 *
	 * @param unique	unique id of the IKE_SA
	 * @param remote	the peer's address
	 */
	void (*moved)(kernel_cryptomap_pairs_t *this, uint32_t unique,
				  host_t *remote);

	/**
	 * An IKE_SA can't be used for new quick modes.
	 *
	 * @param unique	its unique id
	 */
	void (*unusable)(kernel_cryptomap_pairs_t *this, uint32_t unique);

	/**
	 * An IKE_SA was not found by its id.
	 *
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param profile	ISAKMP profile as of get_ike()
	 * @param id		id as of get_ike()
	 */
	void (*lost)(kernel_cryptomap_pairs_t *this, host_t *local,
				 host_t *remote, char *profile, ike_sa_id_t *id);

	/**
	 * An IKE_SA is destroyed: its flows fail. If it never was established
	 * those that wait for a place fail as well, and may be tried with another
	 * peer unless somebody wanted its end.
	 *
	 * @param unique	its unique id
	 */
	void (*destroyed)(kernel_cryptomap_pairs_t *this, uint32_t unique);

	/**
	 * Something went wrong with an IKE_SA: told with the flow that fails next,
	 * or with all if the IKE_SA is destroyed; forgotten when it is established.
	 *
	 * @param unique	its unique id
	 * @param reason	what went wrong
	 * @param refused	TRUE if that is what the peer answered
	 */
	void (*set_reason)(kernel_cryptomap_pairs_t *this, uint32_t unique,
					   const char *reason, bool refused);

	/**
	 * Forget all flows; the callback is told nothing.
	 */
	void (*clear)(kernel_cryptomap_pairs_t *this);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_pairs_t *this);
};

/**
 * Create an empty table.
 *
 * @param cb			called for flows that fail or whose turn has come
 * @param user			first argument of cb
 */
kernel_cryptomap_pairs_t *kernel_cryptomap_pairs_create(
								kernel_cryptomap_pairs_cb_t cb, void *user);

#endif /** KERNEL_CRYPTOMAP_PAIRS_H_ */
