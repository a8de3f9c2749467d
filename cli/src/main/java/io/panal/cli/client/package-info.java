/// A small HTTP client for the Docker Engine API.
///
/// **Invariant:** one connection, one request at a time; it knows paths, JSON and errors, not what they mean.
@NullMarked
package io.panal.cli.client;

import org.jspecify.annotations.NullMarked;
