/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes on the plugin's control socket, in pieces whose lengths they decide
 * about. Configuration and table of ISAKMP SAs are stand-ins.
 */
#include "../../plugin/kernel_cryptomap_ctl.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/**
 * What the other side sends.
 */
static struct {
	stream_t stream;
	chunk_t left;
} peer;

/**
 * Text of the last config-set.
 */
static chunk_t text;

METHOD(stream_t, peer_read, ssize_t,
	stream_t *stream, void *buf, size_t len, bool block)
{
	if (peer.left.len)
	{
		len = min(len, min(peer.left.len, 1 + peer.left.ptr[0] * 4));
		memcpy(buf, peer.left.ptr, len);
		peer.left = chunk_skip(peer.left, len);
		return len;
	}
	return 0;
}

METHOD(stream_t, peer_write, ssize_t,
	stream_t *stream, void *buf, size_t len, bool block)
{
	return len % 8 ? len : len / 2;
}

METHOD(stream_t, peer_destroy, void,
	stream_t *stream)
{
}

METHOD(kernel_cryptomap_config_t, config_keep, char*,
	kernel_cryptomap_config_t *config, chunk_t given, linked_list_t *warnings)
{
	chunk_clear(&text);
	text = chunk_clone(given);
	if (given.len % 3 == 1)
	{
		return strdup("refused");
	}
	warnings->insert_last(warnings, strdup("warned"));
	return NULL;
}

METHOD(kernel_cryptomap_config_t, config_give, chunk_t,
	kernel_cryptomap_config_t *config)
{
	return chunk_clone(text);
}

METHOD(kernel_cryptomap_states_t, states_list, json_t*,
	kernel_cryptomap_states_t *states)
{
	return json_array();
}

METHOD(kernel_cryptomap_states_t, states_clear, u_int,
	kernel_cryptomap_states_t *states, uint32_t conn_id)
{
	return conn_id;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	kernel_cryptomap_config_t config = {
		.set = _config_keep,
		.get = _config_give,
	};
	kernel_cryptomap_states_t states = {
		.list = _states_list,
		.clear = _states_clear,
	};
	private_kernel_cryptomap_ctl_t this = {
		.config = &config,
		.states = &states,
	};
	connection_t *connection;

	peer.stream = (stream_t){
		.read = _peer_read,
		.write = _peer_write,
		.destroy = _peer_destroy,
	};
	peer.left = chunk_create((u_char*)data, len);
	INIT(connection,
		.this = &this,
		.stream = &peer.stream,
	);
	do_read(connection);
	do_write(connection);
	destroy_connection(connection);
	chunk_clear(&text);
	return 0;
}
