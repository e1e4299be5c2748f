/**
 * What travels between the thin client and a member: batches of requests and their replies, and
 * what members push. Everything is bytes in CBOR; no Java object is ever deserialised.
 */
@NullMarked
package dev.holdfast.client.wire;

import org.jspecify.annotations.NullMarked;
