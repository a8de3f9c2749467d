package io.panal.node.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/// The C library's calls for namespaces and netlink sockets, each of which fails with a [KernelException].
final class SystemCalls {
    static final int CLONE_NEWNET = 0x40000000;
    static final int CLONE_NEWNS = 0x00020000;
    static final int MS_BIND = 4096;
    static final int MNT_DETACH = 2;
    static final int MSG_DONTWAIT = 0x40;

    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int AF_NETLINK = 16;
    private static final int AF_INET = 2;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_ADDRESS_BYTES = 12;
    private static final int IPV4_SOCKET_ADDRESS_BYTES = 16;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERROR_STATE = Linker.Option.captureCallState("errno");
    private static final VarHandle ERROR =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = variadic("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS = bind("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle UNSHARE = bind("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle MOUNT =
            bind("mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle CHANGE_ROOT = bind("chroot", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle UNMOUNT = bind("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SOCKET =
            bind("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SET_OPTION =
            bind("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle BIND = bind("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SEND =
            bind("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SEND_TO =
            bind("sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECEIVE =
            bind("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private SystemCalls() {}

    /// An open descriptor of a file, for reading; [#close] it.
    static int open(Path path) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int descriptor;
            try {
                descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), O_RDONLY_CLOEXEC);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            return checked("open " + path, descriptor, state);
        }
    }

    static void close(int descriptor) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int result;
            try {
                result = (int) CLOSE.invokeExact(state, descriptor);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("close", result, state);
        }
    }

    /// Moves the calling thread into a namespace. The thread must end soon after: it is of no use to anyone else.
    static void enterNetworkNamespace(int descriptor) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int result;
            try {
                result = (int) SETNS.invokeExact(state, descriptor, CLONE_NEWNET);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("setns", result, state);
        }
    }

    /// Moves the calling thread into a new network namespace.
    static void newNetworkNamespace() throws KernelException {
        unshare("network", CLONE_NEWNET);
    }

    /// Gives the calling thread mounts, and a root directory, of its own.
    static void newMountNamespace() throws KernelException {
        unshare("mount", CLONE_NEWNS);
    }

    private static void unshare(String which, int flag) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int result;
            try {
                result = (int) UNSHARE.invokeExact(state, flag);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("unshare %s namespace".formatted(which), result, state);
        }
    }

    /// Makes a directory the calling thread's root; that thread must have mounts of its own.
    static void changeRoot(Path directory) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int result;
            try {
                result = (int) CHANGE_ROOT.invokeExact(state, arena.allocateFrom(directory.toString()));
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("chroot " + directory, result, state);
        }
    }

    static void bindMount(Path source, Path target) throws KernelException {
        mount(source.toString(), target, "none", MS_BIND, "");
    }

    static void mount(String source, Path target, String type, long flags, String data) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int result;
            try {
                result = (int) MOUNT.invokeExact(
                        state,
                        arena.allocateFrom(source),
                        arena.allocateFrom(target.toString()),
                        arena.allocateFrom(type),
                        flags,
                        arena.allocateFrom(data));
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("mount " + target, result, state);
        }
    }

    static void unmount(Path target) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int result;
            try {
                result = (int) UNMOUNT.invokeExact(state, arena.allocateFrom(target.toString()), MNT_DETACH);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("unmount " + target, result, state);
        }
    }

    /// A netlink socket in the calling thread's namespace, where it stays.
    static int netlinkSocket(int protocol) throws KernelException {
        return rawSocket("netlink", AF_NETLINK, protocol);
    }

    /// Gives a netlink socket an address, and the groups whose notices it gets.
    static void bindNetlink(int descriptor, int groups) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment address = arena.allocate(NETLINK_ADDRESS_BYTES, 8);
            address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
            address.set(JAVA_INT, 8, groups);
            int result;
            try {
                result = (int) BIND.invokeExact(state, descriptor, address, NETLINK_ADDRESS_BYTES);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("bind of a netlink socket", result, state);
        }
    }

    /// A socket for whole packets of a protocol over IPv4, in the calling thread's namespace, where it stays.
    static int ipv4Socket(int protocol) throws KernelException {
        return rawSocket("IPv4", AF_INET, protocol);
    }

    private static int rawSocket(String which, int family, int protocol) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int descriptor;
            try {
                descriptor = (int) SOCKET.invokeExact(state, family, SOCK_RAW_CLOEXEC, protocol);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            return checked(which + " socket", descriptor, state);
        }
    }

    static void setOption(int descriptor, int level, int option, int value) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int result;
            try {
                result = (int) SET_OPTION.invokeExact(
                        state, descriptor, level, option, arena.allocateFrom(JAVA_INT, value), 4);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("setsockopt " + option, result, state);
        }
    }

    static void send(int descriptor, byte[] bytes) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment data = arena.allocate(bytes.length, 8);
            MemorySegment.copy(bytes, 0, data, JAVA_BYTE, 0, bytes.length);
            long result;
            try {
                result = (long) SEND.invokeExact(state, descriptor, data, (long) bytes.length, 0);
            } catch (Throwable impossible) {
                throw broken(impossible);
            }
            checked("netlink send of " + bytes.length + " bytes", (int) result, state);
        }
    }

    /// Where an IPv4 address is written for [#sendTo].
    static MemorySegment ipv4Target(Arena arena) {
        MemorySegment target = arena.allocate(IPV4_SOCKET_ADDRESS_BYTES, 8);
        target.set(JAVA_SHORT, 0, (short) AF_INET);
        return target;
    }

    /// Sends a packet's content to an IPv4 address, without waiting.
    ///
    /// @param target of [#ipv4Target]
    /// @param state of [#state]
    /// @return false when the kernel refuses
    static boolean sendTo(
            int descriptor, MemorySegment content, MemorySegment target, byte[] address, MemorySegment state) {
        MemorySegment.copy(address, 0, target, JAVA_BYTE, 4, address.length);
        try {
            return (long) SEND_TO.invokeExact(
                            state,
                            descriptor,
                            content,
                            content.byteSize(),
                            MSG_DONTWAIT,
                            target,
                            IPV4_SOCKET_ADDRESS_BYTES)
                    >= 0;
        } catch (Throwable impossible) {
            throw broken(impossible);
        }
    }

    /// One datagram, at once.
    ///
    /// @return its length, or -1 when there is none
    static int receiveNow(int descriptor, MemorySegment into) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            return receiveNow(descriptor, into, state(arena));
        }
    }

    /// As the other, for one who calls it often.
    ///
    /// @param state of [#state]
    static int receiveNow(int descriptor, MemorySegment into, MemorySegment state) throws KernelException {
        long result;
        try {
            result = (long) RECEIVE.invokeExact(state, descriptor, into, into.byteSize(), MSG_DONTWAIT);
        } catch (Throwable impossible) {
            throw broken(impossible);
        }
        if (result < 0 && (int) ERROR.get(state, 0L) == KernelException.EAGAIN) {
            return -1;
        }
        return checked("receive", (int) result, state);
    }

    private static int checked(String asked, int result, MemorySegment state) throws KernelException {
        if (result < 0) {
            throw new KernelException(asked, (int) ERROR.get(state, 0L));
        }
        return result;
    }

    /// Where a call leaves its error number.
    static MemorySegment state(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    private static IllegalStateException broken(Throwable impossible) {
        return new IllegalStateException("a call of the C library could not be made", impossible);
    }

    private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, ERROR_STATE);
    }

    private static MethodHandle variadic(String name, FunctionDescriptor descriptor, int fixedArguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                ERROR_STATE,
                Linker.Option.firstVariadicArg(fixedArguments));
    }
}
