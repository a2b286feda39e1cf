package io.mistraloperator.operator.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Makes and reads certificates. Keys are on curve P-256, which every client knows. */
final class Certificates {
  static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
  static final Duration SERVING_LIFETIME = Duration.ofDays(365);
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);
  private static final int SERIAL_BITS = 120;
  private static final int DNS_NAME = 2;

  private final SecureRandom random;

  Certificates(SecureRandom random) {
    this.random = random;
  }

  /** A certificate with its key. */
  record Pair(X509Certificate certificate, PrivateKey key) {
    /** Whether two thirds of its life are over. */
    boolean isDue(Instant now) {
      Instant from = certificate.getNotBefore().toInstant();
      Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
      return !now.isBefore(from.plus(life.multipliedBy(2).dividedBy(3)));
    }

    /** Whether {@code issuer} signed it. */
    boolean isSignedBy(X509Certificate issuer) {
      try {
        certificate.verify(issuer.getPublicKey());
        return true;
      } catch (GeneralSecurityException e) {
        return false;
      }
    }

    /** DNS names that it is valid for. */
    Set<String> names() {
      Set<String> names = new TreeSet<>();
      try {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
          for (List<?> alternative : alternatives) {
            if (Integer.valueOf(DNS_NAME).equals(alternative.getFirst())) {
              names.add((String) alternative.get(1));
            }
          }
        }
      } catch (GeneralSecurityException e) {
        return Set.of();
      }
      return names;
    }
  }

  /** A new authority. */
  Pair authority(Instant now) {
    KeyPair keys = keyPair();
    var name = new X500Principal("CN=mistral-operator CA " + serial().toString(36));
    return issue(name, keys, name, keys.getPrivate(), now, AUTHORITY_LIFETIME, Optional.empty());
  }

  /** A new serving certificate for these DNS names. */
  Pair serving(Pair authority, Collection<String> names, Instant now) {
    return issue(
        authority.certificate().getSubjectX500Principal(),
        keyPair(),
        new X500Principal("CN=mistral-gateway"),
        authority.key(),
        now,
        SERVING_LIFETIME,
        Optional.of(new TreeSet<>(names)));
  }

  private Pair issue(
      X500Principal issuer,
      KeyPair keys,
      X500Principal subject,
      PrivateKey signer,
      Instant now,
      Duration life,
      Optional<Set<String>> names) {
    Instant from = now.minus(CLOCK_SKEW).truncatedTo(ChronoUnit.SECONDS);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            serial(),
            Date.from(from),
            Date.from(from.plus(life)),
            subject,
            keys.getPublic());
    try {
      if (names.isPresent()) {
        addServingExtensions(builder, names.get());
      } else {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      }
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      var signature = new JcaContentSignerBuilder("SHA256withECDSA").build(signer);
      return new Pair(
          new JcaX509CertificateConverter().getCertificate(builder.build(signature)),
          keys.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("a certificate could not be made", e);
    }
  }

  private static void addServingExtensions(X509v3CertificateBuilder builder, Set<String> names)
      throws CertIOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            names.stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new)));
  }

  private KeyPair keyPair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has curve P-256", e);
    }
  }

  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS);
  }

  /** The PEM form of a key, as PKCS #8, which every server reads. */
  static String pem(PrivateKey key) {
    return pem(new PemObject("PRIVATE KEY", key.getEncoded()));
  }

  /** The PEM form of certificates. */
  static String pem(Object... objects) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        writer.writeObject(object);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Reads a certificate and its key; empty when either is not what it should be. */
  static Optional<Pair> read(String certificate, String key) {
    var certificates = readAll(certificate);
    return certificates.isEmpty()
        ? Optional.empty()
        : readKey(key).map(read -> new Pair(certificates.getFirst(), read));
  }

  /** Reads all certificates of a PEM text; empty when it holds none. */
  static List<X509Certificate> readAll(String pem) {
    List<X509Certificate> certificates = new ArrayList<>();
    try (var parser = new PEMParser(new StringReader(pem))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        if (object instanceof X509CertificateHolder holder) {
          certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      return List.of();
    }
    return certificates;
  }

  private static Optional<PrivateKey> readKey(String pem) {
    try (var parser = new PEMParser(new StringReader(pem))) {
      var converter = new JcaPEMKeyConverter();
      return switch (parser.readObject()) {
        case PEMKeyPair pair -> Optional.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
        case PrivateKeyInfo info -> Optional.of(converter.getPrivateKey(info));
        case null, default -> Optional.empty();
      };
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
