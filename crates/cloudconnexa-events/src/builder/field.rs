//! What can be given to a builder as the value of a field.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::SystemTime;

use super::error::Refused;
use crate::scalar::{
    IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address, ParseError, Scalar, Spelled, Timestamp, Uuid,
};

/// A value that a builder takes for a field of type `T`.
///
/// | for | besides the type itself, or a reference to it |
/// |---|---|
/// | [`String`], `Option<String>` | `&str` |
/// | a vocabulary such as [`OsType`](crate::OsType) | text; [`Service`](crate::Service) is a closed list, and refuses others |
/// | [`Timestamp`], [`Uuid`], addresses | text, which has to be in their format |
/// | [`Timestamp`] | [`SystemTime`], and with the feature `jiff` `jiff::Timestamp` |
/// | [`Uuid`] | [`uuid::Uuid`] |
/// | [`IpAddress`], [`IpAddressOrEmpty`] | [`IpAddr`], [`Ipv4Addr`], [`Ipv6Addr`] |
/// | [`Ipv4Address`] | [`Ipv4Addr`] |
/// | [`Ipv6Address`] | [`Ipv6Addr`] |
///
/// Text is a `&str` or a `String`. No other crate can implement this.
pub trait IntoField<T> {
    /// Returns the value of the field.
    #[doc(hidden)]
    fn into_field(self) -> Result<T, Refused>;
}

impl<T> IntoField<T> for T {
    fn into_field(self) -> Result<T, Refused> {
        Ok(self)
    }
}

impl<T: Clone> IntoField<T> for &T {
    fn into_field(self) -> Result<T, Refused> {
        Ok(self.clone())
    }
}

impl IntoField<String> for &str {
    fn into_field(self) -> Result<String, Refused> {
        Ok(self.to_owned())
    }
}

/// A text, or null.
impl IntoField<Option<String>> for &str {
    fn into_field(self) -> Result<Option<String>, Refused> {
        Ok(Some(self.to_owned()))
    }
}

impl IntoField<Option<String>> for String {
    fn into_field(self) -> Result<Option<String>, Refused> {
        Ok(Some(self))
    }
}

/// Implements [`IntoField`] for texts that a type is parsed from.
macro_rules! parsed {
    ($($type:ty, such as $example:literal;)*) => {
        $(
            impl IntoField<$type> for &str {
                fn into_field(self) -> Result<$type, Refused> {
                    self.parse().map_err(|error: ParseError| Refused::format(self, error.expected(), $example))
                }
            }

            impl IntoField<$type> for String {
                fn into_field(self) -> Result<$type, Refused> {
                    (&*self).into_field()
                }
            }
        )*
    };
}

parsed! {
    Timestamp, such as "2023-12-20T10:45:14.000000Z";
    Uuid, such as "693bbbde-626d-4940-ac2b-4e75efb49bf7";
    IpAddress, such as "203.0.113.7";
    IpAddressOrEmpty, such as "203.0.113.7";
    Ipv4Address, such as "203.0.113.7";
    Ipv6Address, such as "2001:db8::7";
}

impl<T: Scalar> IntoField<Spelled<T>> for T {
    fn into_field(self) -> Result<Spelled<T>, Refused> {
        Ok(self.into())
    }
}

/// Implements [`IntoField`] for addresses of the standard library.
macro_rules! addresses {
    ($($from:ty => $type:ty;)*) => {
        $(impl IntoField<$type> for $from {
            fn into_field(self) -> Result<$type, Refused> {
                Ok(IpAddr::from(self).into())
            }
        })*
    };
}

addresses! {
    Ipv4Addr => IpAddress;
    Ipv6Addr => IpAddress;
    IpAddr => IpAddressOrEmpty;
    Ipv4Addr => IpAddressOrEmpty;
    Ipv6Addr => IpAddressOrEmpty;
}

impl IntoField<Timestamp> for SystemTime {
    fn into_field(self) -> Result<Timestamp, Refused> {
        Timestamp::try_from(self).map_err(|_| Refused::system_time())
    }
}

#[cfg(feature = "jiff")]
impl IntoField<Timestamp> for jiff::Timestamp {
    fn into_field(self) -> Result<Timestamp, Refused> {
        Ok(self.into())
    }
}
