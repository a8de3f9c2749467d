package io.panal.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Looks at a connection's first bytes: who speaks plain HTTP to a TLS socket is told so, in dockerd's words.
///
/// Every other client gets TLS, also one that speaks neither: then TLS says what is wrong.
final class TlsDoor extends ByteToMessageDecoder {
    /// As Go's HTTP server knows them: the first five bytes of a request.
    private static final List<String> REQUESTS = List.of("GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "DELET");

    private static final int LOOKED_AT = 5;
    private static final String ANSWER =
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

    private final SslContext tls;
    private boolean answered;

    TlsDoor(SslContext tls) {
        this.tls = tls;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf arrived, List<Object> out) {
        if (answered) {
            arrived.skipBytes(arrived.readableBytes());
            return;
        }
        if (arrived.readableBytes() < LOOKED_AT) {
            return;
        }
        String begin = arrived.toString(arrived.readerIndex(), LOOKED_AT, StandardCharsets.US_ASCII);
        if (REQUESTS.contains(begin)) {
            refuse(context, arrived);
        } else {
            // What has arrived goes on to the handler that takes this one's place.
            context.pipeline().replace(this, "tls", tls.newHandler(context.alloc()));
        }
    }

    private void refuse(ChannelHandlerContext context, ByteBuf arrived) {
        answered = true;
        arrived.skipBytes(arrived.readableBytes());
        context.writeAndFlush(Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
