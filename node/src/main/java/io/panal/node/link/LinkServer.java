package io.panal.node.link;

import io.panal.node.consensus.Consensus;
import io.panal.node.consensus.PortServices;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.ratis.thirdparty.io.grpc.Context;
import org.apache.ratis.thirdparty.io.grpc.Contexts;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallExecutorSupplier;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptors;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.jspecify.annotations.Nullable;

/// A manager's services on the port it shares with the log: enrolment, sessions and streams of nodes, requests
/// of managers.
///
/// Written for the gRPC that Ratis brings under its own package names, as the port is Ratis's; on the wire it
/// is plain gRPC.
public final class LinkServer implements PortServices, AutoCloseable {
    private static final Context.Key<Caller> CALLER = Context.key("caller");

    private final LinkCalls calls;
    private final Sessions sessions;
    private final Executor threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("link-", 0).factory());

    /// Who calls.
    ///
    /// @param name by its certificate; empty when it showed none
    record Caller(Optional<NodeName> name, String remoteAddress) {}

    public LinkServer(Enrollment enrollment, ManagerServices services) {
        sessions = new Sessions(services, threads);
        calls = new LinkCalls(enrollment, services);
    }

    /// The member on whose port this answers; requests about the log are put off until then.
    public void serve(Consensus consensus) {
        calls.serve(consensus);
    }

    /// Ends every session, so that the nodes look for another manager. The port itself is the log's.
    @Override
    public void close() {
        sessions.close("this manager stops");
    }

    @Override
    public void addTo(NettyServerBuilder builder) {
        builder.permitKeepAliveTime(Wire.KEEP_ALIVE.toSeconds() / 2, java.util.concurrent.TimeUnit.SECONDS);
        builder.permitKeepAliveWithoutCalls(true);
        builder.keepAliveTime(Wire.KEEP_ALIVE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        builder.keepAliveTimeout(Wire.KEEP_ALIVE_ANSWER.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        builder.callExecutor(new OwnThreads());
        builder.addService(ServerInterceptors.intercept(definition(), new Callers()));
    }

    private ServerServiceDefinition definition() {
        return ServerServiceDefinition.builder(Wire.SERVICE)
                .addMethod(unary(Wire.ROOTS), ServerCalls.asyncUnaryCall(answer(calls::roots)))
                .addMethod(unary(Wire.ENROLL), ServerCalls.asyncUnaryCall(answer(calls::enroll)))
                .addMethod(unary(Wire.RENEW), ServerCalls.asyncUnaryCall(answer(node(calls::renew))))
                .addMethod(unary(Wire.FORWARD), ServerCalls.asyncUnaryCall(answer(manager(calls::forward))))
                .addMethod(unary(Wire.INTRODUCE), ServerCalls.asyncUnaryCall(answer(manager(calls::introduce))))
                .addMethod(unary(Wire.JOIN), ServerCalls.asyncUnaryCall(answer(manager(calls::join))))
                .addMethod(unary(Wire.ANNOUNCE), ServerCalls.asyncUnaryCall(answer(manager(calls::announce))))
                .addMethod(stream(Wire.SESSION), ServerCalls.asyncBidiStreamingCall(out -> {
                    Caller caller = CALLER.get();
                    return started(new ServerStream((ServerCallStreamObserver<byte[]>) out), caller, true);
                }))
                .addMethod(stream(Wire.STREAM), ServerCalls.asyncBidiStreamingCall(out -> {
                    Caller caller = CALLER.get();
                    return started(new ServerStream((ServerCallStreamObserver<byte[]>) out), caller, false);
                }))
                .build();
    }

    private ServerStream started(ServerStream stream, Caller caller, boolean session) {
        if (caller.name().isEmpty()) {
            stream.abort("a certificate of this swarm is needed");
            return stream;
        }
        NodeName peer = caller.name().get();
        threads.execute(() -> {
            if (session) {
                sessions.run(peer, caller.remoteAddress(), stream);
            } else {
                sessions.answered(peer, stream);
            }
        });
        stream.begin();
        return stream;
    }

    /// One call's work; an IOException is the caller's fault.
    interface Work {
        byte[] answer(Caller caller, byte[] request) throws IOException, InterruptedException;
    }

    /// Work for a caller that must have shown who it is.
    interface NamedWork {
        byte[] answer(NodeName peer, byte[] request) throws IOException, InterruptedException;
    }

    private static Work node(NamedWork work) {
        return (caller, request) -> work.answer(
                caller.name().orElseThrow(() -> new IOException("a certificate of this swarm is needed")), request);
    }

    private static Work manager(NamedWork work) {
        return node((peer, request) -> {
            if (peer.role() != Role.MANAGER) {
                throw new IOException("for the swarm's managers only");
            }
            return work.answer(peer, request);
        });
    }

    private static ServerCalls.UnaryMethod<byte[], byte[]> answer(Work work) {
        return (request, out) -> {
            try {
                byte[] answer = work.answer(CALLER.get(), request);
                out.onNext(answer);
                out.onCompleted();
            } catch (IOException e) {
                out.onError(Status.PERMISSION_DENIED
                        .withDescription(String.valueOf(e.getMessage()))
                        .asRuntimeException());
            } catch (InterruptedException _) {
                out.onError(
                        Status.UNAVAILABLE.withDescription("this manager stops").asRuntimeException());
            }
        };
    }

    private static MethodDescriptor<byte[], byte[]> unary(String name) {
        return method(name, MethodDescriptor.MethodType.UNARY);
    }

    private static MethodDescriptor<byte[], byte[]> stream(String name) {
        return method(name, MethodDescriptor.MethodType.BIDI_STREAMING);
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(Wire.SERVICE, name))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    /// Our calls may block, so each has a virtual thread; the log's keep Ratis's own.
    private final class OwnThreads implements ServerCallExecutorSupplier {
        @Override
        public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
            return Wire.SERVICE.equals(call.getMethodDescriptor().getServiceName()) ? threads : null;
        }
    }

    private static final class Callers implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            var attributes = call.getAttributes();
            SocketAddress remote = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            String address = remote instanceof InetSocketAddress internet
                    ? internet.getAddress().getHostAddress()
                    : String.valueOf(remote);
            var caller = new Caller(NodeName.of(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION)), address);
            return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
        }
    }
}
