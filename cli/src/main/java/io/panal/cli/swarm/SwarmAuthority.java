package io.panal.cli.swarm;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.progress.Display;
import io.panal.cli.progress.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// `swarm ca`: shows the root certificate, or replaces it.
final class SwarmAuthority implements Command.Action {
    private static final Usage USAGE =
            Usage.of("panal swarm ca", "[OPTIONS]", "Display and rotate the root CA", """
            --ca-cert pem-file   Path to the PEM-formatted root CA certificate to use for the new cluster
            --ca-key pem-file   Path to the PEM-formatted root CA key to use for the new cluster
            --cert-expiry duration   Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
            -d, --detach   Exit immediately instead of waiting for the root rotation to converge
            --external-ca external-ca   Specifications of one or more certificate signing endpoints
            -q, --quiet   Suppress progress output
            --rotate   Rotate the swarm CA - if no certificate or key are provided, new ones will be generated
            """, Usage.Arity.NONE);
    private static final String ROOT = "desired root digest";
    private static final String CERTIFICATES = "  rotated TLS certificates";
    private static final String ROOTS = "  rotated CA certificates";

    private SwarmAuthority() {}

    static Command command() {
        return new Command.Leaf(USAGE, new SwarmAuthority());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Tree swarm = session.engine().get("/swarm");
        if (!arguments.isOn("rotate")) {
            for (String option : List.of("ca-cert", "ca-key", "cert-expiry", "external-ca")) {
                if (arguments.has(option)) {
                    throw Failure.because("`--" + option + "` flag requires the `--rotate` flag to update the CA");
                }
            }
            show(session, swarm);
            return 0;
        }
        change(arguments, swarm.tree("Spec"));
        Settings.send(session.engine(), swarm, Settings.Rotation.NOTHING);
        if (arguments.isOn("detach")) {
            return 0;
        }
        watch(session, arguments.isOn("quiet"));
        if (!arguments.isOn("quiet")) {
            show(session, session.engine().get("/swarm"));
        }
        return 0;
    }

    private static void show(Session session, Tree swarm) throws Failure {
        String root = swarm.text("TLSInfo.TrustRoot");
        if (root.isEmpty()) {
            throw Failure.because("No CA information available");
        }
        session.out().println(root.strip());
    }

    private static void change(Arguments arguments, Tree spec) throws Failure {
        if (arguments.has("ca-key") && !arguments.has("ca-cert")) {
            throw Failure.because("the --ca-key flag requires that a --ca-cert flag and/or --external-ca flag "
                    + "be provided as well");
        }
        Settings.applyAuthority(arguments, spec);
        Tree authority = spec.make("CAConfig");
        authority.put("ForceRotate", authority.number("ForceRotate") + 1);
        if (arguments.has("ca-cert")) {
            authority.put("SigningCACert", Files.read(arguments.text("ca-cert")));
        }
        if (arguments.has("ca-key")) {
            authority.put("SigningCAKey", Files.read(arguments.text("ca-key")));
        }
    }

    private static void watch(Session session, boolean quiet) throws Failure, IOException {
        var display = new Display(session.out(), session.isTerminal(), quiet);
        display.line(ROOT, "");
        display.line(CERTIFICATES, "");
        display.line(ROOTS, " ");
        var engine = session.engine();
        var done = new boolean[1];
        Watch.until(
                session,
                () -> {
                    Tree swarm = engine.get("/swarm");
                    if (done[0]) {
                        return true;
                    }
                    done[0] = look(display, swarm, engine.list("/nodes"));
                    return false;
                },
                () -> display.message("", "Operation continuing in background."));
    }

    private static boolean look(Display display, Tree swarm, List<Tree> nodes) {
        Tree wanted = swarm.tree("TLSInfo");
        display.line(ROOT, "sha256:" + digest(wanted.text("TrustRoot")));
        int certificates = 0;
        int roots = 0;
        for (Tree node : nodes) {
            Tree held = node.tree("Description.TLSInfo");
            boolean issued = held.text("CertIssuerPublicKey").equals(wanted.text("CertIssuerPublicKey"))
                    && held.text("CertIssuerSubject").equals(wanted.text("CertIssuerSubject"));
            certificates += issued ? 1 : 0;
            roots += held.text("TrustRoot").equals(wanted.text("TrustRoot")) ? 1 : 0;
        }
        boolean issuedAll = certificates == nodes.size() && !swarm.isTrue("RootRotationInProgress");
        display.bar(CERTIFICATES, "", certificates, nodes.size(), "nodes");
        display.bar(ROOTS, "", issuedAll ? roots : 0, nodes.size(), "nodes");
        return issuedAll && roots == nodes.size();
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
