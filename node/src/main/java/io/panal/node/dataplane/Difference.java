package io.panal.node.dataplane;

/// One thing of a node's network that is not as wanted.
///
/// @param where `node`, `network web` or `task ID`
/// @param what as `interface vx0` or `nftables table inet panal`
/// @param found as `missing`, or what is there instead
/// @param wanted as `present`, or what was to be there
public record Difference(String where, String what, String found, String wanted) {}
