/// OCI images: references, manifests, layers, the registry client and the registry server.
///
/// **Invariant:** bytes are what their digest says; nothing here knows of services, tasks or containers.
@NullMarked
package io.panal.images;

import org.jspecify.annotations.NullMarked;
