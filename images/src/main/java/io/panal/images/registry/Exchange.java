package io.panal.images.registry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/// One request and its answer, for a thread that may block.
final class Exchange {
    private static final long SHORT_REST = 1 << 20;

    private final Channel channel;
    private final HttpRequest request;
    private final RequestBody body;
    private final QueryStringDecoder query;
    private boolean isAnswered;
    private boolean isKept;

    Exchange(Channel channel, HttpRequest request, RequestBody body) {
        this.channel = channel;
        this.request = request;
        this.body = body;
        this.query = new QueryStringDecoder(request.uri());
    }

    String method() {
        return request.method().name();
    }

    String path() {
        return query.path();
    }

    /// The first value of a query parameter, empty when it is not given.
    String parameter(String name) {
        return query.parameters().getOrDefault(name, List.of("")).getFirst();
    }

    /// A header's value, empty when it is not given.
    String header(CharSequence name) {
        return request.headers().get(name, "");
    }

    /// The body as it comes; asks a waiting client to send it.
    RequestBody body() {
        if (HttpUtil.is100ContinueExpected(request) && !isAnswered) {
            FullHttpResponse go = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
            HttpUtil.set100ContinueExpected(request, false);
            var _ = channel.writeAndFlush(go);
        }
        return body;
    }

    boolean isAnswered() {
        return isAnswered;
    }

    void answer(int status, Map<String, String> headers) throws IOException {
        answer(status, headers, new byte[0]);
    }

    /// Answers with a small body; a HEAD request gets its length only.
    void answer(int status, Map<String, String> headers, byte[] content) throws IOException {
        ByteBuf bytes = isHead() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content);
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), bytes);
        fill(response, headers);
        if (status != 204) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        }
        finish(channel.writeAndFlush(response));
    }

    /// Answers with a part of a file, which the kernel copies.
    void answerFile(int status, Map<String, String> headers, Path file, long from, long length) throws IOException {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        fill(response, headers);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        FileChannel content = FileChannel.open(file, StandardOpenOption.READ);
        var _ = channel.write(response);
        if (isHead() || length == 0) {
            content.close();
        } else {
            var _ = channel.write(new DefaultFileRegion(content, from, length));
        }
        finish(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    private void fill(HttpResponse response, Map<String, String> headers) throws IOException {
        isAnswered = true;
        isKept = HttpUtil.isKeepAlive(request) && isRead();
        HttpHeaders into = response.headers();
        into.set("Docker-Distribution-Api-Version", "registry/2.0");
        into.set("X-Content-Type-Options", "nosniff");
        headers.forEach(into::set);
        HttpUtil.setKeepAlive(response, isKept);
    }

    /// An unread rest of a body would be taken for the next request: a short one is read away first.
    private boolean isRead() throws IOException {
        return !HttpUtil.is100ContinueExpected(request) && body.drain(SHORT_REST);
    }

    /// Whether the connection can serve another request after the answer.
    boolean isKept() {
        return isKept;
    }

    private static void finish(ChannelFuture written) throws IOException {
        try {
            written.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("server is closing", stopped);
        }
        if (!written.isSuccess()) {
            throw new IOException("client went away", written.cause());
        }
    }
}
