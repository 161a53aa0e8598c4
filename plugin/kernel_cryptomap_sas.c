/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_sas.h"

#include <collections/hashtable.h>
#include <threading/mutex.h>

typedef struct private_kernel_cryptomap_sas_t private_kernel_cryptomap_sas_t;

struct private_kernel_cryptomap_sas_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_sas_t public;

	/**
	 * entry_t by destination and SPI.
	 */
	hashtable_t *table;

	/**
	 * Number of the last comparison with the kernel.
	 */
	u_int compared;

	/**
	 * Protects table and compared.
	 */
	mutex_t *mutex;
};

/**
 * An SA.
 */
typedef struct {
	/** destination */
	host_t *dst;
	/** SPI, network order */
	uint32_t spi;
	/** what is known about it */
	kernel_cryptomap_sa_t sa;
	/** last comparison with the kernel that it was in */
	u_int seen;
} entry_t;

/**
 * Hash an SA.
 */
static u_int hash(const void *key)
{
	const entry_t *entry = key;

	return chunk_hash_inc(entry->dst->get_address(entry->dst), entry->spi);
}

/**
 * Compare two SAs.
 */
static bool equals(const void *a, const void *b)
{
	const entry_t *one = a, *two = b;

	return one->spi == two->spi && one->dst->ip_equals(one->dst, two->dst);
}

/**
 * Destroy an entry.
 */
static void destroy_entry(entry_t *entry)
{
	entry->dst->destroy(entry->dst);
	free(entry);
}

METHOD(kernel_cryptomap_sas_t, add, void,
	private_kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
	kernel_cryptomap_sa_t *sa)
{
	entry_t *entry, *old;

	INIT(entry,
		.dst = dst->clone(dst),
		.spi = spi,
		.sa = *sa,
	);
	this->mutex->lock(this->mutex);
	entry->seen = this->compared;
	old = this->table->put(this->table, entry, entry);
	this->mutex->unlock(this->mutex);
	if (old)
	{
		destroy_entry(old);
	}
}

METHOD(kernel_cryptomap_sas_t, get, bool,
	private_kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
	kernel_cryptomap_sa_t *sa)
{
	entry_t key = { .dst = dst, .spi = spi }, *entry;

	this->mutex->lock(this->mutex);
	entry = this->table->get(this->table, &key);
	if (entry && sa)
	{
		*sa = entry->sa;
	}
	this->mutex->unlock(this->mutex);
	return entry != NULL;
}

METHOD(kernel_cryptomap_sas_t, remove_, bool,
	private_kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
	kernel_cryptomap_sa_t *sa)
{
	entry_t key = { .dst = dst, .spi = spi }, *entry;

	this->mutex->lock(this->mutex);
	entry = this->table->remove(this->table, &key);
	this->mutex->unlock(this->mutex);
	if (!entry)
	{
		return FALSE;
	}
	*sa = entry->sa;
	destroy_entry(entry);
	return TRUE;
}

METHOD(kernel_cryptomap_sas_t, has_peer, bool,
	private_kernel_cryptomap_sas_t *this, host_t *remote)
{
	enumerator_t *enumerator;
	bool found = FALSE;
	entry_t *entry;

	this->mutex->lock(this->mutex);
	enumerator = this->table->create_enumerator(this->table);
	while (!found && enumerator->enumerate(enumerator, NULL, &entry))
	{
		found = !entry->sa.inbound && entry->dst->ip_equals(entry->dst, remote);
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
	return found;
}

METHOD(kernel_cryptomap_sas_t, compare, u_int,
	private_kernel_cryptomap_sas_t *this)
{
	u_int number;

	this->mutex->lock(this->mutex);
	number = ++this->compared;
	this->mutex->unlock(this->mutex);
	return number;
}

METHOD(kernel_cryptomap_sas_t, found, bool,
	private_kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
	u_int number)
{
	entry_t key = { .dst = dst, .spi = spi }, *entry;

	this->mutex->lock(this->mutex);
	entry = this->table->get(this->table, &key);
	if (entry)
	{
		entry->seen = max(entry->seen, number);
	}
	this->mutex->unlock(this->mutex);
	return entry != NULL;
}

METHOD(kernel_cryptomap_sas_t, get_missing, array_t*,
	private_kernel_cryptomap_sas_t *this, u_int number)
{
	kernel_cryptomap_sa_name_t name;
	enumerator_t *enumerator;
	entry_t *entry;
	array_t *missing;

	missing = array_create(sizeof(name), 0);
	this->mutex->lock(this->mutex);
	enumerator = this->table->create_enumerator(this->table);
	while (enumerator->enumerate(enumerator, NULL, &entry))
	{
		if (!entry->sa.larval && entry->seen < number)
		{
			name.dst = entry->dst->clone(entry->dst);
			name.spi = entry->spi;
			array_insert(missing, ARRAY_TAIL, &name);
		}
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
	return missing;
}

METHOD(kernel_cryptomap_sas_t, destroy, void,
	private_kernel_cryptomap_sas_t *this)
{
	enumerator_t *enumerator;
	entry_t *entry;

	enumerator = this->table->create_enumerator(this->table);
	while (enumerator->enumerate(enumerator, NULL, &entry))
	{
		destroy_entry(entry);
	}
	enumerator->destroy(enumerator);
	this->table->destroy(this->table);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_sas_t *kernel_cryptomap_sas_create()
{
	private_kernel_cryptomap_sas_t *this;

	INIT(this,
		.public = {
			.add = _add,
			.get = _get,
			.remove = _remove_,
			.has_peer = _has_peer,
			.compare = _compare,
			.found = _found,
			.get_missing = _get_missing,
			.destroy = _destroy,
		},
		.table = hashtable_create(hash, equals, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
