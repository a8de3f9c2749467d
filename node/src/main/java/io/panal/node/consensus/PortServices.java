package io.panal.node.consensus;

import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;

/// What else answers on the managers' one port beside the log.
public interface PortServices {
    /// Adds services to the port's server before it starts. TLS and the check of the log's own callers are set
    /// already.
    void addTo(NettyServerBuilder builder);

    /// A member's port with the log alone.
    static PortServices none() {
        return _ -> {};
    }
}
