//! Profiles of the AWS command line: their access keys and regions.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey as Key};

use crate::error::Error;

#[cfg(test)]
mod tests;

/// Adds the settings of the profile to those of the environment, which take precedence.
///
/// The profile is the one that `AWS_PROFILE` names, or `default`. Its keys and region are used; credentials that have to be
/// requested elsewhere (SSO, a process, another role) are not supported, which is an error if the profile was named.
pub(crate) fn fill(mut builder: AmazonS3Builder) -> Result<AmazonS3Builder, Error> {
    let named = variable("AWS_PROFILE");
    let name = named.as_deref().unwrap_or("default");
    let home = variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from);
    let file = |variable_name, file: &str| {
        let path = variable(variable_name).map(PathBuf::from);
        let path = path.or_else(|| home.as_ref().map(|home| home.join(".aws").join(file)));
        path.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default()
    };
    let config_name = if name == "default" { name.to_owned() } else { format!("profile {name}") };
    let mut profile = section(&file("AWS_CONFIG_FILE", "config"), &config_name);
    let credentials = section(&file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), name);
    if let Some(named) = &named
        && profile.is_none()
        && credentials.is_none()
    {
        return Err(Error::permanent(format!(
            "there is no profile `{named}`; check AWS_PROFILE and ~/.aws/config"
        )));
    }
    profile.get_or_insert_default().extend(credentials.unwrap_or_default());
    let profile = profile.unwrap_or_default();

    let is_set = |builder: &AmazonS3Builder, key| {
        builder.get_config_value(&key).is_some_and(|value| !value.is_empty())
    };
    if !is_set(&builder, Key::Region)
        && let Some(region) = profile.get("region")
    {
        builder = builder.with_region(region);
    }
    let has_credentials = [Key::AccessKeyId, Key::WebIdentityTokenFile, Key::ContainerCredentialsRelativeUri]
        .into_iter()
        .chain([Key::ContainerCredentialsFullUri])
        .any(|key| is_set(&builder, key))
        || builder.get_config_value(&Key::SkipSignature).is_some_and(|value| value == "true");
    if has_credentials {
        return Ok(builder);
    }
    if let (Some(key), Some(secret)) =
        (profile.get("aws_access_key_id"), profile.get("aws_secret_access_key"))
    {
        builder = builder.with_access_key_id(key).with_secret_access_key(secret);
        if let Some(token) = profile.get("aws_session_token") {
            builder = builder.with_token(token);
        }
    } else if let Some(named) = &named {
        return Err(Error::permanent(format!(
            "the profile `{named}` has no keys; put those of your session into the environment: \
             `eval \"$(aws configure export-credentials --format env)\"`"
        )));
    }
    Ok(builder)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns the settings of one `[section]`, or `None` if there is no such section.
fn section(text: &str, name: &str) -> Option<HashMap<String, String>> {
    let mut found = None;
    let mut is_inside = false;
    for line in text.lines() {
        // Indented lines belong to the setting above, such as `s3 =`, and hold nothing that is needed.
        if line.trim().is_empty() || line.starts_with([' ', '\t', '#', ';']) {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            let header = header.split(']').next().unwrap_or_default();
            is_inside = header.split_whitespace().eq(name.split_whitespace());
            if is_inside {
                found.get_or_insert_with(HashMap::new);
            }
        } else if let (true, Some((key, value)), Some(found)) = (is_inside, line.split_once('='), &mut found)
        {
            found.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    found
}
