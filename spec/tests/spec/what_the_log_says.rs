//! The last of the tests, by its name: whether a secret of the run is anywhere it may not be.

use std::fs;
use std::time::Duration;

use spec::cast::{alice, contoso, daemon, web};
use spec::client::{client, living};
use spec::secrets;
use spec::server::Server;
use spec::world::within;

/// Waits for the tests that are still running: when no client is left, nothing is asked any more.
async fn everybody_is_done() {
    within(Duration::from_secs(60), "the end of the other tests", || (living() == 0).then_some(())).await;
}

#[tokio::test]
async fn st_01_st_05_rt_15_rt_16_no_secret_of_the_run_is_in_the_log_or_the_tables() {
    // Whatever else ran: a sign-in, a token, a refusal.
    crate::flows::tokens_of(&alice(), web(), crate::flows::USUAL).await;
    {
        let client = client();
        client
            .token(&contoso(), &daemon().for_itself("x").with("client_secret", "a-secret-that-is-nobodys"))
            .await
            .is_a_refusal();
    }
    everybody_is_done().await;
    let server = Server::shared();
    for secret in server.dev().users.iter().map(|person| &person.password) {
        secrets::record(secret);
    }
    for secret in
        server.dev().applications.iter().filter_map(|application| application.client_secret.as_ref())
    {
        secrets::record(secret);
    }
    assert!(secrets::all().len() > 5, "{} secrets", secrets::all().len());
    println!("{} secrets of this run looked for", secrets::all().len());
    let log = server.log();
    assert!(log.len() > 1000, "the log is at `debug`, and there is none");
    assert_eq!(secrets::found_in(&log), Vec::<String>::new(), "in the log");
    for entry in fs::read_dir(server.data()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("vestibule.db") {
            let table = fs::read(entry.path()).unwrap();
            assert_eq!(secrets::found_in(&table), Vec::<String>::new(), "in {name}");
        }
    }
}

#[tokio::test]
async fn st_06_a_line_of_the_log_is_one_event_whatever_was_sent() {
    let client = client();
    for hostile in
        ["a\r\n{\"level\":\"ERROR\",\"message\":\"forged\"}", "\u{1b}[31mred\u{7}", "\u{2028}forged\u{85}"]
    {
        let form = daemon().for_itself(hostile).with("grant_type", hostile);
        client.token(&contoso(), &form).await.is_a_refusal();
        let request = client.token_request(&contoso().id, &daemon().for_itself(hostile));
        request.header("user-agent", "x\ty").header("x-client-sku", "<b>").send().await.is_a_refusal();
    }
    let log = Server::shared().log();
    // The last line may still be on its way.
    let whole = log.rsplitn(2, |byte| *byte == b'\n').last().unwrap();
    for line in whole.split(|byte| *byte == b'\n') {
        assert!(
            serde_json::from_slice::<serde_json::Value>(line).is_ok(),
            "{}",
            String::from_utf8_lossy(line)
        );
        assert!(!line.contains(&0x1b) && !line.contains(&0x07));
    }
}

#[tokio::test]
async fn ds_10_no_private_key_is_readable_in_the_tables() {
    let client = client();
    client.token(&contoso(), &daemon().for_itself(spec::cast::API_DEFAULT)).await.tokens();
    // PKCS#8 of an RSA key: version 0, then the algorithm rsaEncryption (RFC 5208 §5, RFC 8017 A.1).
    let pkcs8 =
        [0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    for entry in fs::read_dir(Server::shared().data()).unwrap().map(Result::unwrap) {
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(pkcs8.len()).any(|window| window == pkcs8), "{:?}", entry.file_name());
        let text = String::from_utf8_lossy(&bytes);
        // The one is the authority's own; the other tells of an application whose key is published.
        let has_one = entry.file_name() == "ca-key.pem" || entry.file_name() == "dev.json";
        assert!(has_one || !text.contains("PRIVATE KEY"), "{:?}", entry.file_name());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn st_04_what_is_secret_in_the_data_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    for name in ["master.key", "ca-key.pem", "vestibule.db"] {
        let mode = fs::metadata(Server::shared().data().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} is {mode:o}");
    }
}
