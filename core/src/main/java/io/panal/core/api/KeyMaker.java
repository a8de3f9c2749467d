package io.panal.core.api;

import io.panal.core.model.Cluster;

/// Makes what needs chance and cryptography, which the core has none of.
public interface KeyMaker {
    /// A new root for the swarm, signed by itself and by the present one, with tokens that pin it.
    ///
    /// @param certificate PEM of the root to be used; empty makes a new one
    /// @param key PEM of its key; empty with the certificate
    /// @throws ApiRefusal when they cannot be read or do not belong together
    Cluster.Rotation rotation(Cluster.Authority present, String certificate, String key);

    /// As users see it: `SWMKEY-1-` and 256 bits in base 64.
    String unlockKey();
}
