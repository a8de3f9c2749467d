package io.panal.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.panal.core.api.Query;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One request and its answer, for one virtual thread.
public final class Exchange {
    /// The media type of Docker's JSON bodies.
    public static final String JSON = "application/json";

    private final Channel channel;
    private final Connection connection;
    private final HttpRequest request;
    private final String path;
    private final Query query;
    private final ArrivingBytes body;
    private final Limits limits;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private volatile boolean gone;
    private volatile boolean answered;
    private volatile boolean streaming;
    private volatile boolean upgraded;
    private volatile boolean reusable;
    private volatile @Nullable DepartingBytes output;
    private volatile @Nullable Thread thread;

    Exchange(Channel channel, Connection connection, HttpRequest request, ArrivingBytes body, Limits limits) {
        this.channel = channel;
        this.connection = connection;
        this.request = request;
        this.body = body;
        this.limits = limits;
        this.reusable = HttpUtil.isKeepAlive(request);
        String target = originForm(request.uri());
        int mark = target.indexOf('?');
        this.path = mark < 0 ? target : target.substring(0, mark);
        this.query = Query.parse(mark < 0 ? "" : target.substring(mark + 1));
    }

    /// A client that was told of a proxy names the whole address: `http://host/info` is `/info`.
    private static String originForm(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return target;
        }
        int path = target.indexOf('/', scheme + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    /// The method, in capitals.
    public String method() {
        return request.method().name();
    }

    /// The target's path as it was sent, with its version prefix and its escapes.
    public String path() {
        return path;
    }

    /// The target's parameters.
    public Query query() {
        return query;
    }

    /// The first value of a request header, whatever its case.
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.headers().get(name));
    }

    /// The request's body; a read waits for the client and fails with [ClientGone] when it closes in the middle.
    public InputStream body() {
        return body;
    }

    /// The whole body, in memory.
    ///
    /// @throws Refusal 413 when it is longer than the server's limit, without reading the rest of it
    public byte[] bodyBytes() throws IOException {
        long announced = HttpUtil.getContentLength(request, 0L);
        byte[] bytes = announced > limits.bodyBytes() ? new byte[0] : body.readNBytes(limits.bodyBytes() + 1);
        if (announced > limits.bodyBytes() || bytes.length > limits.bodyBytes()) {
            throw new Refusal(413, "request body too large: the limit is %d bytes".formatted(limits.bodyBytes()));
        }
        return bytes;
    }

    /// Whether the client closed the connection; the thread is interrupted then as well.
    public boolean isClientGone() {
        return gone;
    }

    /// Whether an answer was begun.
    public boolean isAnswered() {
        return answered;
    }

    /// Adds a header to the answer to come.
    public void answerHeader(String name, String value) {
        headers.put(name, value);
    }

    /// Answers with a complete body.
    ///
    /// @param contentType empty for none
    public void respond(int status, String contentType, byte[] content) throws IOException {
        begin();
        var head = head(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(content)));
        if (!contentType.isEmpty()) {
            head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        if (status != 204 && status != 304 && status >= 200) {
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        }
        announceReuse(head);
        send(head);
    }

    /// Answers with JSON.
    public void respondJson(int status, byte[] json) throws IOException {
        respond(status, JSON, json);
    }

    /// Answers without a body.
    public void respondEmpty(int status) throws IOException {
        respond(status, "", new byte[0]);
    }

    /// Answers with docker's error shape.
    public void refuse(int status, String message) throws IOException {
        respondJson(status, ErrorBody.of(message));
    }

    /// Begins an answer whose length is not known. `flush` sends an event at once; `close` ends the answer.
    public OutputStream stream(int status, String contentType) throws IOException {
        begin();
        streaming = true;
        var head = head(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status)));
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            reusable = false;
        } else {
            HttpUtil.setTransferEncodingChunked(head, true);
        }
        announceReuse(head);
        send(head);
        return departing(DefaultHttpContent::new, () -> send(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    /// Turns the connection into a raw stream: `101 UPGRADED` where the client asked for it, else `200`, as dockerd.
    public Duplex upgrade(String contentType) throws IOException {
        body.transferTo(OutputStream.nullOutputStream());
        begin();
        body.becomeRaw();
        upgraded = true;
        streaming = true;
        reusable = false;
        Optional<String> wanted = header("Upgrade");
        var status = wanted.isPresent() ? new HttpResponseStatus(101, "UPGRADED") : HttpResponseStatus.OK;
        var head = head(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status));
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        wanted.ifPresent(protocol -> head.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, protocol));
        try {
            connection.turnRaw(channel, this, head).sync();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while upgrading");
        }
        return new Duplex(body, departing(bytes -> bytes, () -> {}));
    }

    private void send(Object message) {
        channel.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private DepartingBytes departing(Function<ByteBuf, Object> framing, Runnable onClose) {
        var departing = new DepartingBytes(channel, framing, onClose);
        output = departing;
        return departing;
    }

    private void begin() throws IOException {
        if (answered) {
            throw new IllegalStateException("answered twice: %s %s".formatted(method(), path));
        }
        answered = true;
        if (gone || !channel.isActive()) {
            throw new ClientGone();
        }
    }

    private <T extends HttpResponse> T head(T head) {
        connection.fixedHeaders().forEach((name, value) -> head.headers().set(name, value));
        headers.forEach((name, value) -> head.headers().set(name, value));
        return head;
    }

    private void announceReuse(HttpMessage head) {
        // A body that is still to come would be read to its end first: past a little, closing is cheaper.
        long announced =
                HttpUtil.isTransferEncodingChunked(request) ? Long.MAX_VALUE : HttpUtil.getContentLength(request, 0L);
        if (!body.hasEnded() && announced > Connection.DRAINED_BYTES) {
            reusable = false;
        }
        if (!reusable) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    ArrivingBytes arriving() {
        return body;
    }

    boolean isUpgraded() {
        return upgraded;
    }

    boolean isStreaming() {
        return streaming;
    }

    boolean isReusable() {
        return reusable;
    }

    void startedOn(Thread handlerThread) {
        thread = handlerThread;
    }

    /// The handler has returned: completes a stream it left open and gives the connection back.
    void finish() throws IOException {
        DepartingBytes open = output;
        if (open != null && !gone) {
            open.close();
        }
        connection.finished(channel, this);
    }

    /// The handler failed in the middle of its answer: the client must not take it for complete.
    void breakOff() {
        Connection.close(channel);
    }

    /// Called by the event loop when the socket takes bytes again.
    void wakeWriter() {
        DepartingBytes waiting = output;
        if (waiting != null) {
            waiting.wake();
        }
    }

    /// Called by the event loop when nobody waits for the answer any more.
    void abandon() {
        gone = true;
        body.fail(new ClientGone());
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public String toString() {
        return method() + " " + path;
    }
}
