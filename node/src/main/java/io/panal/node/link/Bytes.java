package io.panal.node.link;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Messages that are bytes already, for both ends of a link: the calling end is ordinary gRPC, the answering one the
/// gRPC that Ratis brings under its own package names.
final class Bytes
        implements MethodDescriptor.Marshaller<byte[]>,
                org.apache.ratis.thirdparty.io.grpc.MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] content) {
        return new Content(content);
    }

    @Override
    public byte[] parse(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Content extends ByteArrayInputStream
            implements KnownLength, org.apache.ratis.thirdparty.io.grpc.KnownLength {
        Content(byte[] content) {
            super(content);
        }
    }
}
