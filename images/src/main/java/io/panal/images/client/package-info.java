/// The client of registries: one blocking call per exchange, with logins, redirects and docker's error texts.
///
/// **Invariant:** every wait is bounded; a password goes to no host but the registry and the token server that it
/// named.
@NullMarked
package io.panal.images.client;

import org.jspecify.annotations.NullMarked;
