package io.panal.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// HTTP/1.1 of one connection, one request at a time.
///
/// What follows a request passes as it is: it is the next request, or the first bytes of a raw stream from
/// a client that did not wait for the answer to its upgrade, and only the answer tells which.
final class RequestCodec extends CombinedChannelDuplexHandler<RequestCodec.Decoder, RequestCodec.Encoder> {
    private final Decoder decoder;

    RequestCodec(HttpDecoderConfig configuration) {
        var encoder = new Encoder();
        decoder = new Decoder(configuration, encoder);
        init(decoder, encoder);
    }

    /// Reads a request again. Of the event loop.
    void readNext() {
        decoder.isBetween = false;
    }

    static final class Decoder extends HttpRequestDecoder {
        private final Encoder encoder;
        private boolean isBetween;

        private Decoder(HttpDecoderConfig configuration, Encoder encoder) {
            super(configuration);
            this.encoder = encoder;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
            if (isBetween) {
                out.add(bytes.readRetainedSlice(bytes.readableBytes()));
                return;
            }
            int known = out.size();
            super.decode(context, bytes, out);
            for (Object part : out.subList(known, out.size())) {
                if (part instanceof HttpRequest request) {
                    encoder.answered = request.method();
                }
                isBetween = part instanceof LastHttpContent;
            }
        }
    }

    /// An answer to HEAD has the head of what it does not send.
    static final class Encoder extends HttpResponseEncoder {
        private HttpMethod answered = HttpMethod.GET;

        private Encoder() {}

        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse answer) {
            return answered.equals(HttpMethod.HEAD) || super.isContentAlwaysEmpty(answer);
        }
    }
}
