package io.panal.node.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Work that sees a directory as the root of all files: no link leads out of it, whatever happens in it meanwhile.
///
/// The work runs on a thread of its own with mounts of its own, which end with it.
public final class PrivateRoot {
    private static final long PRIVATE_ALL = 16384 | 262144;
    private static final long READ_ONLY = 1;
    private static final long BIND_ALL = 4096 | 16384;

    /// A mount that the work sees.
    ///
    /// @param type   of its file system; `bind` for a part of the host's files
    /// @param target on the host, below the directory that becomes the root
    /// @param data   for the file system
    public record Mount(String type, String source, Path target, boolean readOnly, String data) {}

    private PrivateRoot() {}

    /// @param root   becomes the root
    /// @param mounts made before, in this order
    public static <T> T in(Path root, List<Mount> mounts, NetworkNamespace.Work<T> work) throws IOException {
        return FreshThread.run(() -> {
            SystemCalls.newMountNamespace();
            SystemCalls.mount("none", Path.of("/"), "none", PRIVATE_ALL, "");
            for (Mount mount : mounts) {
                long flags = (mount.readOnly() ? READ_ONLY : 0) | (mount.type().equals("bind") ? BIND_ALL : 0);
                SystemCalls.mount(mount.source(), mount.target(), mount.type(), flags, mount.data());
            }
            SystemCalls.changeRoot(root);
            return work.run();
        });
    }
}
