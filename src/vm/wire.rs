//! Plain data as bytes: for the wire between processes of one session, and for the log of a recorded run.
//!
//! Both ends are the same program, so there are no versions: numbers are little-endian, sequences have their length
//! in front, variants their tag. What cannot be read (a wire that was cut) is `None`, never a panic. The codec of
//! each message stands beside its type, made by [`wire_struct!`] and [`wire_enum!`]; a variant
//! that is forgotten does not compile.
use std::sync::Arc;
use std::time::Duration;

/// Bytes being read.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from these bytes.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// The next `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// Bytes not read yet.
    pub fn left(&self) -> usize {
        self.rest.len()
    }
}

/// What can travel.
pub trait Wire: Sized {
    /// Appends the value.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads a value.
    fn take(from: &mut Reader<'_>) -> Option<Self>;
}

/// The value as bytes.
pub fn to_bytes(value: &impl Wire) -> Vec<u8> {
    let mut out = Vec::new();
    value.put(&mut out);
    out
}

/// The value that these bytes are, and nothing behind it.
pub fn from_bytes<T: Wire>(bytes: &[u8]) -> Option<T> {
    let mut reader = Reader::new(bytes);
    let value = T::take(&mut reader)?;
    (reader.left() == 0).then_some(value)
}

/// The codec of a struct: its fields in order.
macro_rules! wire_struct {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::vm::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                let $name { $($field),* } = self;
                $($crate::vm::wire::Wire::put($field, out);)*
            }

            fn take(from: &mut $crate::vm::wire::Reader<'_>) -> Option<Self> {
                Some($name { $($field: $crate::vm::wire::Wire::take(from)?),* })
            }
        }
    };
}

/// The codec of an enum: a tag for each variant, then what it holds. Tuple variants name their items here.
macro_rules! wire_enum {
    ($name:ident { $($tag:literal => $variant:ident $(($($item:ident),*))? $({$($field:ident),*})?),* $(,)? }) => {
        impl $crate::vm::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                match self {
                    $($name::$variant $(($($item),*))? $({$($field),*})? => {
                        out.push($tag);
                        $($($crate::vm::wire::Wire::put($item, out);)*)?
                        $($($crate::vm::wire::Wire::put($field, out);)*)?
                    })*
                }
            }

            fn take(from: &mut $crate::vm::wire::Reader<'_>) -> Option<Self> {
                let tag = <u8 as $crate::vm::wire::Wire>::take(from)?;
                Some(match tag {
                    $($tag => {
                        $($(let $item = $crate::vm::wire::Wire::take(from)?;)*)?
                        $($(let $field = $crate::vm::wire::Wire::take(from)?;)*)?
                        $name::$variant $(($($item),*))? $({$($field),*})?
                    })*
                    _ => return None,
                })
            }
        }
    };
}

pub(crate) use {wire_enum, wire_struct};

macro_rules! wire_number {
    ($($ty:ty),*) => {$(
        impl Wire for $ty {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn take(from: &mut Reader<'_>) -> Option<$ty> {
                from.bytes(size_of::<$ty>())?.try_into().ok().map(<$ty>::from_le_bytes)
            }
        }
    )*};
}

wire_number!(u8, u16, u32, u64, i32, i64, i128, f64);

impl Wire for usize {
    fn put(&self, out: &mut Vec<u8>) {
        (*self as u64).put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<usize> {
        usize::try_from(u64::take(from)?).ok()
    }
}

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn take(from: &mut Reader<'_>) -> Option<bool> {
        Some(u8::take(from)? != 0)
    }
}

impl Wire for () {
    fn put(&self, _: &mut Vec<u8>) {}

    fn take(_: &mut Reader<'_>) -> Option<()> {
        Some(())
    }
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    bytes.len().put(out);
    out.extend_from_slice(bytes);
}

fn take_text<'a>(from: &mut Reader<'a>) -> Option<&'a str> {
    let count = usize::take(from)?;
    std::str::from_utf8(from.bytes(count)?).ok()
}

impl Wire for String {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(self.as_bytes(), out);
    }

    fn take(from: &mut Reader<'_>) -> Option<String> {
        take_text(from).map(str::to_owned)
    }
}

impl Wire for Arc<str> {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(self.as_bytes(), out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Arc<str>> {
        take_text(from).map(Arc::from)
    }
}

impl<T: Wire> Wire for Arc<T> {
    fn put(&self, out: &mut Vec<u8>) {
        T::put(self, out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Arc<T>> {
        T::take(from).map(Arc::new)
    }
}

impl<T: Wire> Wire for Box<T> {
    fn put(&self, out: &mut Vec<u8>) {
        T::put(self, out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Box<T>> {
        T::take(from).map(Box::new)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Option<T>> {
        Some(if bool::take(from)? { Some(T::take(from)?) } else { None })
    }
}

impl<T: Wire, E: Wire> Wire for Result<T, E> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_ok().put(out);
        match self {
            Ok(value) => value.put(out),
            Err(error) => error.put(out),
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Result<T, E>> {
        Some(if bool::take(from)? { Ok(T::take(from)?) } else { Err(E::take(from)?) })
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        for item in self {
            item.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Vec<T>> {
        let count = usize::take(from)?;
        // A length that is nonsense must not ask for that much memory.
        let mut items = Vec::with_capacity(count.min(from.left()));
        for _ in 0..count {
            items.push(T::take(from)?);
        }
        Some(items)
    }
}

impl<T: Wire + Copy + Default, const N: usize> Wire for [T; N] {
    fn put(&self, out: &mut Vec<u8>) {
        for item in self {
            item.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<[T; N]> {
        let mut items = [T::default(); N];
        for item in &mut items {
            *item = T::take(from)?;
        }
        Some(items)
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<(A, B)> {
        Some((A::take(from)?, B::take(from)?))
    }
}

impl Wire for Duration {
    fn put(&self, out: &mut Vec<u8>) {
        self.as_secs().put(out);
        self.subsec_nanos().put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Duration> {
        let seconds = u64::take(from)?;
        let nanos = u32::take(from)?;
        (nanos < 1_000_000_000).then(|| Duration::new(seconds, nanos))
    }
}

impl Wire for std::io::Error {
    /// The number of the error; an error without one is "input/output error" at the other end.
    fn put(&self, out: &mut Vec<u8>) {
        self.raw_os_error().unwrap_or(libc::EIO).put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<std::io::Error> {
        i32::take(from).map(std::io::Error::from_raw_os_error)
    }
}
