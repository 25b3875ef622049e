/// Certificates from an ACME server (RFC 8555): ordered, kept on disk and renewed in time.
///
/// [AcmeCertificates] is the whole of it for the rest of the server. [IssuerWork] decides what is to be done next, and does it;
/// [RenewalPlan] says when. [CertificateAuthority] is the seam to the other side: [Acme4jAuthority] speaks to a real server and
/// is the only one that uses acme4j, with [AcmeProblems] for its errors. [StateFolder] is the disk, [Challenges] is what the
/// server asks us to show.
///
/// Everything here runs on platform threads of its own, which may block; only [Challenges] and [CertificateSlot] are used by
/// the threads of connections.
@NullMarked
package io.selvage.server.acme;

import org.jspecify.annotations.NullMarked;
