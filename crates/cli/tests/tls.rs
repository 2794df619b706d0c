//! TLS to PostgreSQL, against a cluster of its own with certificates made for the test.

#[path = "cluster/mod.rs"]
mod cluster;
#[path = "http/mod.rs"]
mod http;

use cluster::Cluster;
use http::{Client, Process, user};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::{Address, Store};

/// An authority, and a certificate for a host that it has signed; gives the authority's file.
fn certificates(cluster: &Cluster, folder: &Path) -> String {
    let mut params = CertificateParams::new(Vec::new()).expect("a certificate");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = params.self_signed(&key).expect("signed");
    let issuer = Issuer::new(params, key);
    let own = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a certificate");
    let certificate = params.signed_by(&own, &issuer).expect("signed");
    let data = cluster.data();
    std::fs::write(data.join("server.crt"), certificate.pem()).expect("written");
    std::fs::write(data.join("server.key"), own.serialize_pem()).expect("written");
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(data.join("server.key"), private).expect("private");
    cluster.give(&data);
    let path = folder.join("authority.pem");
    std::fs::write(&path, authority.pem()).expect("written");
    path.display().to_string()
}

fn other_authority(folder: &Path) -> String {
    let mut params = CertificateParams::new(Vec::new()).expect("a certificate");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&KeyPair::generate().expect("a key")).expect("signed");
    let path = folder.join("other.pem");
    std::fs::write(&path, authority.pem()).expect("written");
    path.display().to_string()
}

/// What the server says of a connection made with an address: nothing where none was made.
fn opened(url: &str) -> Result<(), String> {
    Store::open(&Address::Server(url.to_owned())).map(drop).map_err(|it| it.message)
}

#[test]
fn the_connection_is_encrypted_and_the_certificate_is_looked_at_as_the_address_says() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let url = cluster.database("holdfast", "");
    let (require, plain) = (format!("{url}?sslmode=require"), format!("{url}?sslmode=disable"));
    let refused = opened(&require).expect_err("the server speaks no TLS yet");
    assert!(refused.contains("TLS"), "{refused}");
    let ca = certificates(&cluster, folder.path());
    let settings = cluster.data().join("postgresql.conf");
    let before = std::fs::read_to_string(&settings).expect("settings");
    std::fs::write(&settings, format!("{before}\nssl = on\n")).expect("written");
    // From now on nobody gets in without TLS.
    let rules = "hostssl all all 127.0.0.1/32 trust\n";
    std::fs::write(cluster.data().join("pg_hba.conf"), rules).expect("written");
    cluster.stop();
    cluster.go_on();
    let refused = opened(&plain).expect_err("without TLS");
    assert!(refused.contains("encryption"), "{refused}");
    assert_eq!(opened(&require), Ok(()));
    assert_eq!(opened(&format!("{url}?sslmode=prefer")), Ok(()));
    let named = cluster.url("localhost", "holdfast");
    let full = |url: &str, ca: &str| format!("{url}?sslmode=verify-full&sslrootcert={ca}");
    assert_eq!(opened(&full(&named, &ca)), Ok(()));
    // The certificate is made out to localhost and not to this number.
    let refused = opened(&full(&url, &ca)).expect_err("another name");
    assert!(refused.contains("not valid for name"), "{refused}");
    assert_eq!(opened(&format!("{url}?sslmode=verify-ca&sslrootcert={ca}")), Ok(()));
    let other = other_authority(folder.path());
    let refused = opened(&full(&named, &other)).expect_err("another authority");
    assert!(refused.contains("invalid peer certificate"), "{refused}");
    let refused = opened(&format!("{url}?sslmode=require&sslrootcert={other}"));
    assert!(refused.is_err_and(|it| it.contains("invalid peer certificate")), "as with verify-ca");
    let refused = opened(&format!("{named}?sslmode=verify-full")).expect_err("no authority");
    assert!(refused.contains("sslrootcert"), "{refused}");
    // A whole server over it.
    let address = Address::Server(full(&named, &ca));
    let key = folder.path().join("key");
    user(&address, &key, "admin", "administrator", &["*"]);
    let process = Process::start(&address, &key);
    assert_eq!(Client::signed_in(&process, "admin").get("/api/v1/users").0, 200);
}
