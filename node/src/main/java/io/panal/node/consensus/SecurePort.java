package io.panal.node.consensus;

import io.panal.node.identity.Identity;

/// The managers' one port: who this node is there, and what answers on it beside the log.
public record SecurePort(Identity identity, PortServices services) {}
