//! Addresses of services that are sent a secret.

use url::{Host, Url};

/// An address without a slash at the end, or what is wrong with it.
pub(super) fn service_url(text: &str) -> Result<String, &'static str> {
    let url = Url::parse(text).map_err(|_| "can't be read as an address")?;
    let host = url.host().ok_or("names no host")?;
    match url.scheme() {
        "https" => {}
        "http" if is_near(&host) => {}
        // A secret goes over no line that others can read.
        "http" => return Err("would send the secret unencrypted: `http://` is for a server on this machine or in its own network"),
        _ => return Err("begins with neither `https://` nor `http://`"),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("holds more than scheme, host, port and path");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// This machine, a private network, or a name without a dot, such as a container's beside this one.
fn is_near(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => !name.contains('.'),
        Host::Ipv4(address) => address.is_loopback() || address.is_private(),
        Host::Ipv6(address) => address.is_loopback() || address.is_unique_local(),
    }
}
