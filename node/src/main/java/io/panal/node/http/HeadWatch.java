package io.panal.node.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Tells the connection that bytes of a request's head arrive, before they are a request.
final class HeadWatch extends ChannelInboundHandlerAdapter {
    private final Connection connection;

    HeadWatch(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        connection.headBegins(context);
        context.fireChannelRead(message);
    }
}
