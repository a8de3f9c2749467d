package io.panal.images.registry;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// One client's connection: its requests one after the other, each on a virtual thread of its own.
final class Connection extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());
    private static final long MOST_WASTE = 256 << 20;

    private final Routes routes;
    private final ExecutorService threads;
    /// What a client sent after a request that is not answered yet; the rest of its bytes wait in the kernel.
    private final Deque<Object> waiting = new ArrayDeque<>();

    private @Nullable RequestBody body;
    private boolean isServing;
    private boolean isWholeBodyHere;

    Connection(Routes routes, ExecutorService threads) {
        this.routes = routes;
        this.threads = threads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isServing && isWholeBodyHere) {
            waiting.add(message);
            var _ = context.channel().config().setAutoRead(false);
            return;
        }
        switch (message) {
            case HttpRequest request when request.decoderResult().isFailure() -> refuse(context, message);
            case HttpRequest request -> begin(context, request);
            case HttpContent content
            when body != null -> {
                isWholeBodyHere = content instanceof LastHttpContent;
                body.offer(content);
            }
            default -> refuse(context, message);
        }
    }

    /// The answer is out: the next request, which may have come already.
    private void next(ChannelHandlerContext context) {
        isServing = false;
        while (!waiting.isEmpty() && !(isServing && isWholeBodyHere)) {
            channelRead(context, waiting.remove());
        }
        if (waiting.isEmpty()) {
            var _ = context.channel().config().setAutoRead(true);
        }
    }

    private static void refuse(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST, Unpooled.EMPTY_BUFFER);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
        var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        RequestBody coming = new RequestBody(context.channel());
        body = coming;
        isServing = true;
        isWholeBodyHere = false;
        try {
            threads.execute(() -> serve(context, new Exchange(context.channel(), request, coming), coming));
        } catch (RejectedExecutionException closing) {
            var _ = context.close();
        }
    }

    private void serve(ChannelHandlerContext context, Exchange exchange, RequestBody coming) {
        try {
            routes.serve(exchange);
            if (exchange.isKept()) {
                context.executor().execute(() -> next(context));
                return;
            }
            // Closed at once, a client that is still sending would not see the answer.
            coming.drain(MOST_WASTE);
        } catch (IOException broken) {
            LOG.log(
                    Level.DEBUG,
                    () -> "request broken off method=%s path=%s reason=%s"
                            .formatted(exchange.method(), exchange.path(), broken.getMessage()));
        } finally {
            coming.close();
        }
        var _ = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (body != null) {
            body.breakOff();
        }
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            var _ = context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.log(Level.DEBUG, () -> "connection broken reason=" + cause);
        var _ = context.close();
    }
}
