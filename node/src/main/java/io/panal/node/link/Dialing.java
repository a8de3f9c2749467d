package io.panal.node.link;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.panal.node.identity.Identity;
import io.panal.node.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedTrustManager;

/// The calling end of links: channels and calls with plain bytes.
final class Dialing {
    // Long enough for one lost packet; a machine that is gone answers nothing at all.
    private static final int CONNECT_MILLIS = 2500;

    private Dialing() {}

    /// Whether a connection stands.
    enum Connected {
        YES,
        /// It is being made.
        NOT_YET,
        /// It could not be made: nothing was sent.
        NO
    }

    /// Waits until a connection stands or has failed.
    static Connected connected(ManagedChannel channel, Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.after(limit);
        ConnectivityState state = channel.getState(true);
        while (state == ConnectivityState.IDLE || state == ConnectivityState.CONNECTING) {
            var changed = new CountDownLatch(1);
            channel.notifyWhenStateChanged(state, changed::countDown);
            if (!changed.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return Connected.NOT_YET;
            }
            state = channel.getState(true);
        }
        return state == ConnectivityState.READY ? Connected.YES : Connected.NO;
    }

    /// A channel that shows this node's certificate and talks to managers of its swarm only.
    static ManagedChannel channel(String address, Identity identity) {
        return channel(
                address, GrpcSslContexts.forClient().keyManager(identity.keys()).trustManager(identity.managersOnly()));
    }

    /// A channel of a node that has no certificate yet.
    static ManagedChannel channel(String address, X509ExtendedTrustManager trust) {
        return channel(address, GrpcSslContexts.forClient().trustManager(trust));
    }

    private static ManagedChannel channel(String address, SslContextBuilder context) {
        try {
            return NettyChannelBuilder.forTarget("dns:///" + address)
                    .sslContext(GrpcSslContexts.configure(context, SslProvider.JDK)
                            .protocols("TLSv1.3")
                            .build())
                    .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                    .overrideAuthority("swarm-manager")
                    .proxyDetector(_ -> null)
                    .disableRetry()
                    .maxInboundMessageSize(Wire.MESSAGE_BYTES_MAX)
                    .keepAliveTime(Wire.KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
                    .keepAliveTimeout(Wire.KEEP_ALIVE_ANSWER.toSeconds(), TimeUnit.SECONDS)
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
        }
    }

    static byte[] call(Channel channel, String name, byte[] request, Duration limit) throws IOException {
        var options = CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return ClientCalls.blockingUnaryCall(
                    channel, method(name, MethodDescriptor.MethodType.UNARY), options, request);
        } catch (StatusRuntimeException e) {
            throw ClientStream.failure(e.getStatus());
        }
    }

    static ClientStream stream(Channel channel, String name) {
        return new ClientStream(ClientCalls.blockingBidiStreamingCall(
                channel, method(name, MethodDescriptor.MethodType.BIDI_STREAMING), CallOptions.DEFAULT));
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(Wire.SERVICE, name))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    /// The answer to a forwarded request; empty when the other does not lead.
    static Optional<byte[]> forwarded(byte[] answer) {
        return answer.length == 0 ? Optional.empty() : Optional.of(Wire.content(answer));
    }
}
