package io.panal.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client's connection: requests one after the other. All its fields belong to the event loop.
final class Connection extends ChannelInboundHandlerAdapter {
    /// A body left unread up to this size is read away so that the connection can be used again.
    static final int DRAINED_BYTES = 1 << 18;

    private static final Duration LINGER = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Consumer<Exchange> runner;
    private final Limits limits;
    private final Map<String, String> fixedHeaders;
    /// Sent after a request, before its answer.
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private @Nullable Exchange current;
    private @Nullable Future<?> deadline;
    private boolean bodyComplete;
    private boolean discarding;
    private boolean reusing;
    private boolean headBegun;
    private boolean inputOver;
    private boolean isRaw;

    /// @param runner starts a thread that answers an exchange and then calls [#finished]
    Connection(Consumer<Exchange> runner, Limits limits, Map<String, String> fixedHeaders) {
        this.runner = runner;
        this.limits = limits;
        this.fixedHeaders = fixedHeaders;
    }

    /// What every answer carries.
    Map<String, String> fixedHeaders() {
        return fixedHeaders;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        closeAfter(context, limits.idle());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Exchange exchange = current;
        switch (message) {
            case ByteBuf raw
            when exchange != null && isRaw -> exchange.arriving().arrive(raw);
            case HttpObject part when discarding -> discard(context, part);
            case HttpObject part when exchange == null -> begin(context, part);
            case HttpObject part when !bodyComplete -> feed(context, exchange, part);
            case ByteBuf early
            when exchange != null && !discarding -> {
                // The next request, or input for an upgrade; nothing more is read meanwhile.
                waiting.add(early);
                context.channel().config().setAutoRead(false);
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            refuseMalformed(context, part.decoderResult().cause());
        } else if (part instanceof HttpRequest request) {
            cancelDeadline();
            headBegun = false;
            var body = new ArrivingBytes(context.channel(), limits.body(), () -> sendContinue(context, request));
            var exchange = new Exchange(context.channel(), this, request, body, limits);
            current = exchange;
            bodyComplete = false;
            reusing = false;
            runner.accept(exchange);
        }
        if (!(part instanceof HttpRequest)) {
            ReferenceCountUtil.release(part);
        }
    }

    private void sendContinue(ChannelHandlerContext context, HttpRequest request) {
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    private void feed(ChannelHandlerContext context, Exchange exchange, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            exchange.arriving().fail(new Refusal(400, "malformed request body"));
            bodyComplete = true;
            return;
        }
        if (part instanceof HttpContent content) {
            exchange.arriving().arrive(content.content());
        }
        if (part instanceof LastHttpContent) {
            bodyComplete = true;
            exchange.arriving().end();
            if (reusing) {
                next(context);
            }
        }
    }

    private void refuseMalformed(ChannelHandlerContext context, Throwable cause) {
        discarding = true;
        HttpResponseStatus status = switch (cause) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
        refuse(context, status, "malformed request: " + cause.getMessage());
    }

    private void refuse(ChannelHandlerContext context, HttpResponseStatus status, String message) {
        byte[] body = ErrorBody.of(message);
        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        fixedHeaders.forEach((name, value) -> answer.headers().set(name, value));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Exchange.JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        context.channel().writeAndFlush(answer).addListener(_ -> closeSoon(context));
    }

    private void discard(ChannelHandlerContext context, HttpObject part) {
        boolean last = part instanceof LastHttpContent;
        ReferenceCountUtil.release(part);
        if (last) {
            close(context.channel());
        }
    }

    /// The handler has returned. Any thread.
    void finished(Channel channel, Exchange exchange) {
        if (!channel.isActive()) {
            return;
        }
        channel.eventLoop().execute(() -> {
            ChannelHandlerContext context = channel.pipeline().context(this);
            if (context != null && exchange == current && channel.isActive()) {
                settle(context, exchange);
            }
        });
    }

    private void settle(ChannelHandlerContext context, Exchange exchange) {
        exchange.arriving().fail(new ClientGone());
        if (exchange.isUpgraded()) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> closeSoon(context));
        } else if (!exchange.isReusable()) {
            discarding = true;
            context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(bodyComplete ? ChannelFutureListener.CLOSE : _ -> closeSoon(context));
        } else if (bodyComplete) {
            next(context);
        } else {
            reusing = true;
            closeAfter(context, LINGER);
        }
    }

    private void next(ChannelHandlerContext context) {
        current = null;
        reusing = false;
        closeAfter(context, limits.idle());
        RequestCodec codec = context.pipeline().get(RequestCodec.class);
        codec.readNext();
        if (!waiting.isEmpty()) {
            ByteBuf early = Unpooled.wrappedBuffer(waiting.toArray(ByteBuf[]::new));
            waiting.clear();
            try {
                codec.channelRead(context.pipeline().context(codec), early);
            } catch (Exception malformed) {
                exceptionCaught(context, malformed);
            }
        }
        if (waiting.isEmpty()) {
            resumeReading(context.channel());
        }
    }

    /// Ends our side first, so that a client still sending gets the answer instead of a reset.
    private void closeSoon(ChannelHandlerContext context) {
        discarding = true;
        resumeReading(context.channel());
        if (context.channel() instanceof DuplexChannel duplex
                && duplex.isActive()
                && !duplex.isInputShutdown()
                && context.pipeline().get(SslHandler.class) == null) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            closeAfter(context, LINGER);
        } else {
            close(context.channel());
        }
    }

    /// The client has begun to send a request; its head has to follow in time.
    void headBegins(ChannelHandlerContext context) {
        if (current == null && !discarding && !headBegun) {
            headBegun = true;
            cancelDeadline();
            deadline = context.executor()
                    .schedule(
                            () -> refuse(
                                    context, HttpResponseStatus.REQUEST_TIMEOUT, "the request did not arrive in time"),
                            limits.head().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    /// Reads from the socket again. Asking a socket for more after its end is an error to epoll, hence the look at it.
    static void resumeReading(Channel channel) {
        channel.eventLoop().execute(() -> {
            if (channel.isActive() && channel instanceof DuplexChannel duplex && !duplex.isInputShutdown()) {
                channel.config().setAutoRead(true);
            }
        });
    }

    /// Closes at once; a second call changes nothing.
    static void close(Channel channel) {
        if (channel.isOpen()) {
            channel.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    private void closeAfter(ChannelHandlerContext context, Duration delay) {
        cancelDeadline();
        deadline = context.executor().schedule(() -> close(context.channel()), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cancelDeadline() {
        Future<?> running = deadline;
        if (running != null) {
            running.cancel(false);
            deadline = null;
        }
    }

    /// Sends `head` and takes the HTTP codec out, so that bytes pass as they are. Any thread.
    ///
    /// All in one step of the event loop: the client's first raw bytes may follow the answer at once, or have come
    /// before it.
    Future<?> turnRaw(Channel channel, Exchange exchange, HttpResponse head) {
        return channel.eventLoop().submit(() -> {
            channel.writeAndFlush(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            channel.pipeline().remove(RequestCodec.class);
            channel.pipeline().remove(HeadWatch.class);
            cancelDeadline();
            isRaw = true;
            waiting.forEach(exchange.arriving()::arrive);
            waiting.clear();
            if (inputOver) {
                exchange.arriving().end();
            }
            resumeReading(channel);
        });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (current != null) {
            current.wakeWriter();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded(context);
        }
    }

    private void inputEnded(ChannelHandlerContext context) {
        Exchange exchange = current;
        inputOver = true;
        if (exchange == null || discarding) {
            close(context.channel());
        } else if (exchange.isUpgraded()) {
            // Before the stream is raw, what waits comes first.
            if (isRaw) {
                exchange.arriving().end();
            }
        } else if (exchange.isStreaming() || !bodyComplete) {
            exchange.abandon();
        } else {
            // The end of input is how a closed client looks until we write. A quick answer may still be wanted.
            cancelDeadline();
            deadline = context.executor().schedule(exchange::abandon, GRACE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelDeadline();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        if (current != null) {
            current.arriving().end();
            current.wakeWriter();
            current.abandon();
            current = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset or a failed handshake: the client's side of the story ends here, the handler hears of it as a closed
        // channel.
        close(context.channel());
    }
}
