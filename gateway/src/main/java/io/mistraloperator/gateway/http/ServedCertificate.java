package io.mistraloperator.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The certificate that new connections are shown. It is replaced in one step, while the listener's
 * own options stay: Vert.x 4.5 turns connections away as long as it takes up new ones.
 */
final class ServedCertificate extends X509ExtendedKeyManager {
  /** A signature that keys of each type can make. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private volatile Served served;

  /** What is shown now and what was before it, which handshakes under way may still ask for. */
  private record Served(long number, X509ExtendedKeyManager manager, Optional<Served> before) {
    Served withoutHistory() {
      return new Served(number, manager, Optional.empty());
    }

    /** An alias of this certificate, told from those of others. */
    String name(String alias) {
      return alias == null ? null : number + ":" + alias;
    }

    Optional<Served> numbered(long wanted) {
      return number == wanted
          ? Optional.of(this)
          : before.flatMap(earlier -> earlier.numbered(wanted));
    }
  }

  private ServedCertificate(Served served) {
    this.served = served;
  }

  /**
   * Begins with a certificate.
   *
   * @throws Exception when it cannot be read, or does not fit its key
   */
  static ServedCertificate of(Vertx vertx, PemKeyCertOptions certificate) throws Exception {
    return new ServedCertificate(new Served(0, manager(vertx, certificate), Optional.empty()));
  }

  /**
   * Shows another one to connections from now on. To be called by one thread at a time.
   *
   * @throws Exception when it cannot be read; the one before stays then
   */
  void replace(Vertx vertx, PemKeyCertOptions certificate) throws Exception {
    Served before = served;
    served =
        new Served(
            before.number() + 1, manager(vertx, certificate), Optional.of(before.withoutHistory()));
  }

  private static X509ExtendedKeyManager manager(Vertx vertx, PemKeyCertOptions certificate)
      throws Exception {
    KeyManager[] managers = certificate.getKeyManagerFactory(vertx).getKeyManagers();
    X509ExtendedKeyManager manager =
        Arrays.stream(managers)
            .filter(X509ExtendedKeyManager.class::isInstance)
            .map(X509ExtendedKeyManager.class::cast)
            .findFirst()
            .orElseThrow();
    requireFit(manager);
    return manager;
  }

  /** Key stores take any key for any certificate; then no handshake would succeed. */
  private static void requireFit(X509ExtendedKeyManager manager) throws GeneralSecurityException {
    boolean usable = false;
    for (String type : SIGNATURES.keySet()) {
      String[] aliases = manager.getServerAliases(type, null);
      for (String alias : aliases == null ? new String[0] : aliases) {
        usable = true;
        PrivateKey key = manager.getPrivateKey(alias);
        if (!fits(key, manager.getCertificateChain(alias)[0], SIGNATURES.get(type))) {
          throw new InvalidKeyException("tls.key is not the key of the certificate in tls.crt");
        }
      }
    }
    if (!usable) {
      throw new InvalidKeyException("tls.key must be a key of type RSA, EC or EdDSA");
    }
  }

  private static boolean fits(PrivateKey key, X509Certificate certificate, String algorithm)
      throws GeneralSecurityException {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      return signature.verify(signed);
    } catch (InvalidKeyException | SignatureException otherType) {
      return false;
    }
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    Served now = served;
    return now.name(now.manager().chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    Served now = served;
    return now.name(now.manager().chooseServerAlias(keyType, issuers, socket));
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    Served now = served;
    String[] aliases = now.manager().getServerAliases(keyType, issuers);
    return aliases == null ? null : Arrays.stream(aliases).map(now::name).toArray(String[]::new);
  }

  @Override
  public X509Certificate[] getCertificateChain(String name) {
    return find(name).map(found -> found.manager().getCertificateChain(alias(name))).orElse(null);
  }

  @Override
  public PrivateKey getPrivateKey(String name) {
    return find(name).map(found -> found.manager().getPrivateKey(alias(name))).orElse(null);
  }

  /** None: a listener is no client. */
  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return null;
  }

  /** None: a listener is no client. */
  @Override
  public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
    return null;
  }

  private Optional<Served> find(String name) {
    return served.numbered(Long.parseLong(name.substring(0, name.indexOf(':'))));
  }

  private static String alias(String name) {
    return name.substring(name.indexOf(':') + 1);
  }
}
