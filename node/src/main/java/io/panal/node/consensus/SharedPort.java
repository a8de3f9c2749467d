package io.panal.node.consensus;

import io.panal.node.identity.Identity;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Role;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;

/// Opens the log's port to other services: a joining node has no certificate yet, so the log checks its callers itself.
record SharedPort(Identity identity, PortServices services, Callers callers)
        implements GrpcServices.Customizer, ServerInterceptor {
    private static final String MEMBERS_ONLY = "ratis.grpc.RaftServerProtocolService";
    private static final String ENTRIES = "appendEntries";

    /// The other managers, as those call the log. Asked on the engine's threads: must not block.
    interface Callers {
        /// Whether the node may take part in the log now: asked for each message of a stream as well.
        boolean admits(String nodeId);

        /// The node's stream of entries to this member has ended.
        void streamEnded(String nodeId);
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        try {
            var context = SslContextBuilder.forServer(identity.keys())
                    .trustManager(identity.anyNode())
                    .clientAuth(ClientAuth.OPTIONAL)
                    .protocols("TLSv1.3");
            builder.sslContext(
                    GrpcSslContexts.configure(context, SslProvider.JDK).build());
        } catch (IOException e) {
            throw new IllegalStateException("the port's TLS cannot be set up", e);
        }
        builder.intercept(this);
        services.addTo(builder);
        return builder;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = String.valueOf(call.getMethodDescriptor().getServiceName());
        if (!service.startsWith("ratis.")) {
            return next.startCall(call, headers);
        }
        Optional<String> manager = manager(call);
        if (!service.equals(MEMBERS_ONLY) || manager.isEmpty()) {
            return refused(call, "for the swarm's managers only");
        }
        if (!callers.admits(manager.get())) {
            return refused(call, notMember(manager.get()));
        }
        boolean isEntries = ENTRIES.equals(call.getMethodDescriptor().getBareMethodName());
        return new Messages<>(next.startCall(call, headers), call, new Caller(manager.get(), isEntries, callers));
    }

    private static <Q, A> ServerCall.Listener<Q> refused(ServerCall<Q, A> call, String why) {
        call.close(Status.PERMISSION_DENIED.withDescription(why), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static String notMember(String nodeId) {
        return "node %s is no member of this swarm's log".formatted(nodeId);
    }

    private static Optional<String> manager(ServerCall<?, ?> call) {
        return NodeName.of(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                .filter(peer -> peer.role() == Role.MANAGER)
                .map(NodeName::nodeId);
    }

    /// @param isLeading whether the stream is one of entries and heartbeats: a process that dies ends it at once
    private record Caller(String nodeId, boolean isLeading, Callers callers) {
        boolean isAdmitted() {
            return callers.admits(nodeId);
        }

        void ended() {
            if (isLeading) {
                callers.streamEnded(nodeId);
            }
        }
    }

    /// A call's messages: the first that comes after its sender has left the members ends the call.
    private static final class Messages<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private final Caller caller;
        private boolean refused;

        Messages(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call, Caller caller) {
            super(listener);
            this.call = call;
            this.caller = caller;
        }

        @Override
        public void onMessage(Q message) {
            if (refused) {
                return;
            }
            if (caller.isAdmitted()) {
                super.onMessage(message);
                return;
            }
            refused = true;
            // To the engine this is a caller that went away.
            super.onCancel();
            call.close(Status.PERMISSION_DENIED.withDescription(notMember(caller.nodeId())), new Metadata());
            caller.ended();
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
                caller.ended();
            }
        }

        @Override
        public void onCancel() {
            if (!refused) {
                super.onCancel();
                caller.ended();
            }
        }
    }
}
