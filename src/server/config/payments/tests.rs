use super::*;
use secrecy::ExposeSecret;

fn read(settings: &[(&str, &str)], environment: Environment) -> (PaymentSettings, String) {
    let mut errors = Vec::new();
    let get = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let settings = PaymentSettings::read(get, environment, &mut errors);
    (settings, errors.join("\n"))
}

fn wrong(settings: &[(&str, &str)]) -> String {
    read(settings, Environment::Development).1
}

const ALL: [(&str, &str); 8] = [
    ("YOOKASSA_SHOP_ID", "100500"),
    ("YOOKASSA_SECRET_KEY", "hush-yookassa"),
    ("SBERBANK_USER_NAME", "school-api"),
    ("SBERBANK_PASSWORD", "hush-sberbank"),
    ("CLOUDPAYMENTS_PUBLIC_ID", "pk_1"),
    ("CLOUDPAYMENTS_API_SECRET", "hush-cloudpayments"),
    ("STRIPE_SECRET_KEY", "hush-stripe"),
    ("STRIPE_WEBHOOK_SECRET", "whsec_hush-a, whsec_hush-b"),
];

#[test]
fn without_settings_no_provider_is_on() {
    let (settings, errors) = read(&[("YOOKASSA_API_URL", "https://kassa.internal/v3")], Environment::Production);
    assert!(errors.is_empty(), "{errors}");
    assert!(settings.yookassa.is_none() && settings.sberbank.is_none() && settings.cloudpayments.is_none() && settings.stripe.is_none());
}

#[test]
fn each_provider_is_switched_on_and_its_secrets_are_shown_nowhere() {
    let (settings, errors) = read(&ALL, Environment::Production);
    assert!(errors.is_empty(), "{errors}");
    assert!(!format!("{settings:?}").contains("hush"), "{settings:?}");
    let yookassa = settings.yookassa.unwrap();
    assert_eq!((yookassa.api_url.as_str(), yookassa.is_live), ("https://api.yookassa.ru/v3", true));
    assert_eq!(settings.sberbank.unwrap().dialect, Dialect::Ecommerce);
    let stripe = settings.stripe.unwrap();
    let secrets: Vec<_> = stripe.webhook_secrets.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(secrets, ["whsec_hush-a", "whsec_hush-b"]);
    let two = [ALL[4], ("CLOUDPAYMENTS_API_SECRET", "hush-new, hush-old"), ALL[2], ALL[3], ("SBERBANK_CALLBACK_SECRET", "hush-new,hush-old")];
    let (changed, errors) = read(&two, Environment::Production);
    let cloudpayments = changed.cloudpayments.unwrap();
    assert!(errors.is_empty() && cloudpayments.api_secret.expose_secret() == "hush-new" && cloudpayments.older_secrets.len() == 1, "{errors}");
    assert_eq!(changed.sberbank.unwrap().callback_secrets.len(), 2);
    assert!(!read(&ALL, Environment::Development).0.cloudpayments.unwrap().is_live, "no real money on a developer's machine");
    let live: Vec<_> = ALL.into_iter().chain([("PAYMENTS_MODE", "live")]).collect();
    assert!(read(&live, Environment::Development).0.cloudpayments.unwrap().is_live);
}

#[test]
fn half_of_a_provider_is_an_error_that_names_the_other_half() {
    for (index, missing) in ALL.iter().enumerate() {
        let partner = ALL[index ^ 1];
        let errors = wrong(&[partner]);
        assert!(errors.starts_with(missing.0) && errors.lines().count() == 1 && !errors.contains("hush"), "{errors}");
    }
}

#[test]
fn wrong_values_are_named_and_secrets_are_not() {
    for (setting, name) in [
        (("PAYMENTS_MODE", "real"), "PAYMENTS_MODE"),
        (("YOOKASSA_API_URL", "http://api.yookassa.ru/v3"), "YOOKASSA_API_URL"),
        (("SBERBANK_API_URL", "https://u:hush@host"), "SBERBANK_API_URL"),
        (("CLOUDPAYMENTS_API_URL", "x"), "CLOUDPAYMENTS_API_URL"),
        (("STRIPE_API_URL", "ftp://x"), "STRIPE_API_URL"),
        (("STRIPE_VERSION", "2026 10"), "STRIPE_VERSION"),
        (("YOOKASSA_ADDRESSES", "185.71.76.0/27, yookassa.ru"), "YOOKASSA_ADDRESSES"),
        (("CLOUDPAYMENTS_ADDRESSES", "1.2.3.4/40"), "CLOUDPAYMENTS_ADDRESSES"),
        (("SBERBANK_GATEWAY", "new"), "SBERBANK_GATEWAY"),
        (("SBERBANK_CA_FILE", "/nowhere.pem"), "SBERBANK_CA_FILE"),
        (("SBERBANK_CALLBACK_KEY_FILE", "/nowhere.pem"), "SBERBANK_CALLBACK_KEY_FILE"),
        (("SBERBANK_CALLBACK_SECRET", " , "), "SBERBANK_CALLBACK_SECRET"),
        (("SBERBANK_FFD", "1.1"), "SBERBANK_FFD"),
        (("SBERBANK_RECEIPT_TYPE", "sell"), "SBERBANK_RECEIPT_TYPE"),
    ] {
        let errors = wrong(&[setting]);
        assert!(errors.starts_with(name) && errors.lines().count() == 1 && !errors.contains("hush"), "{name}: {errors}");
    }
    let seller = [("SBERBANK_SELLER_EMAIL", "a@b"), ("SBERBANK_SELLER_INN", "77"), ("SBERBANK_SELLER_ADDRESS", "https://a.example")];
    assert!(wrong(&seller).starts_with("SBERBANK_SELLER_INN"));
    assert!(wrong(&seller[..1]).contains("SBERBANK_SELLER_ADDRESS"));
    assert!(wrong(&[("SBERBANK_CALLBACK_SECRET", "hush"), ("SBERBANK_CALLBACK_KEY_FILE", "/nowhere.pem")]).contains("CALLBACK_KEY_FILE"));
    assert!(wrong(&[("SBERBANK_TOKEN", "hush")]).contains("SBERBANK_GATEWAY=rbs"));
    assert!(wrong(&[("SBERBANK_TOKEN", "hush"), ("SBERBANK_GATEWAY", "rbs")]).is_empty());
}

#[test]
fn keys_for_test_money_are_refused_in_production() {
    let keys = |key| [("STRIPE_SECRET_KEY", key), ("STRIPE_WEBHOOK_SECRET", "whsec_1")];
    assert!(read(&keys("sk_test_hush"), Environment::Production).1.starts_with("STRIPE_SECRET_KEY"));
    assert!(wrong(&keys("rk_live_hush")).starts_with("STRIPE_SECRET_KEY"));
    assert!(wrong(&keys("sk_test_hush")).is_empty() && read(&keys("sk_live_hush"), Environment::Production).1.is_empty());
}

#[test]
fn callbacks_may_be_limited_to_networks() {
    let settings = [ALL[0], ALL[1], ("YOOKASSA_ADDRESSES", "185.71.76.0/27, 77.75.156.11,2a02:5180::/32")];
    let (settings, errors) = read(&settings, Environment::Development);
    assert!(errors.is_empty(), "{errors}");
    let networks = settings.yookassa.unwrap().networks;
    let is_in = |address: &str| networks.iter().any(|network| network.contains(&address.parse::<IpAddr>().unwrap()));
    assert!(is_in("185.71.76.31") && is_in("77.75.156.11") && is_in("2a02:5180::1"));
    assert!(!is_in("185.71.76.32") && !is_in("77.75.156.12") && !is_in("2a02:5181::1"));
}
