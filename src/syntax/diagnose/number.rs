//! Numbers: their forms, and what is said about broken ones.

use super::token::{Step, TokenKind, Tokenizer, is_name_byte};

impl Tokenizer<'_> {
    pub(super) fn number(&mut self) -> Step {
        let start = self.at;
        let first = self.bytes[start];
        if first == b'0' {
            let radix = match self.peek_at(1) {
                Some(b'x' | b'X') => Some((16, "hexadecimal")),
                Some(b'o' | b'O') => Some((8, "octal")),
                Some(b'b' | b'B') => Some((2, "binary")),
                _ => None,
            };
            if let Some((radix, name)) = radix {
                self.at += 2;
                self.radix_digits(radix, name)?;
                self.push(TokenKind::Number, start);
                return Ok(());
            }
            self.zero_number(start)?;
        } else if first == b'.' {
            self.fraction()?;
        } else {
            self.decimal_tail()?;
            self.after_integer()?;
        }
        self.push(TokenKind::Number, start);
        Ok(())
    }

    fn radix_digits(&mut self, radix: u32, name: &str) -> Step {
        loop {
            if self.peek() == Some(b'_') {
                self.at += 1;
            }
            let mut any = false;
            while self.peek().is_some_and(|byte| char::from(byte).is_digit(radix)) {
                self.at += 1;
                any = true;
            }
            let wrong = self.peek().filter(|byte| radix < 10 && byte.is_ascii_digit());
            if let Some(digit) = wrong {
                self.at += 1;
                return Err(self.error(format!("invalid digit '{}' in {name} literal", char::from(digit))));
            }
            if !any {
                return Err(self.error(format!("invalid {name} literal")));
            }
            if self.peek() != Some(b'_') {
                break;
            }
        }
        self.number_ends(name)
    }

    /// A number that starts with `0` and is not hexadecimal, octal or binary.
    fn zero_number(&mut self, start: usize) -> Step {
        self.at += 1;
        loop {
            if self.peek() == Some(b'_') {
                self.at += 1;
                if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    return Err(self.error("invalid decimal literal"));
                }
            }
            if self.peek() != Some(b'0') {
                break;
            }
            self.at += 1;
        }
        let zeros_end = self.at;
        let mut nonzero = false;
        if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            nonzero = true;
            self.decimal_tail()?;
        }
        match self.peek() {
            Some(b'.' | b'e' | b'E' | b'j' | b'J') => self.after_integer(),
            _ if nonzero => {
                let offset = (start + 1 - self.line_start) as i64;
                let end = (zeros_end - self.line_start) as i64 + 1;
                Err(self.error_at(
                    "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                    offset,
                    end,
                ))
            }
            _ => self.number_ends("decimal"),
        }
    }

    /// Digits with single underscores between them.
    fn decimal_tail(&mut self) -> Step {
        loop {
            while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                self.at += 1;
            }
            if self.peek() != Some(b'_') {
                return Ok(());
            }
            self.at += 1;
            if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.error("invalid decimal literal"));
            }
        }
    }

    fn after_integer(&mut self) -> Step {
        if self.peek() == Some(b'.') { self.fraction() } else { self.exponent() }
    }

    fn fraction(&mut self) -> Step {
        self.at += 1;
        if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.decimal_tail()?;
        }
        self.exponent()
    }

    fn exponent(&mut self) -> Step {
        if let Some(b'e' | b'E') = self.peek() {
            match self.peek_at(1) {
                Some(b'+' | b'-') => {
                    self.at += 2;
                    if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                        return Err(self.error("invalid decimal literal"));
                    }
                    self.decimal_tail()?;
                }
                Some(byte) if byte.is_ascii_digit() => {
                    self.at += 1;
                    self.decimal_tail()?;
                }
                _ => return self.number_ends("decimal"),
            }
        }
        if let Some(b'j' | b'J') = self.peek() {
            self.at += 1;
            return self.number_ends("imaginary");
        }
        self.number_ends("decimal")
    }

    /// A number may run straight into a keyword, nothing else that could be a name.
    fn number_ends(&mut self, name: &str) -> Step {
        let rest = &self.bytes[self.at..];
        // `in`, `is` and `if` are known by two letters, the others must end there.
        let short: [&[u8]; 3] = [b"if", b"in", b"is"];
        let long: [&[u8]; 5] = [b"and", b"else", b"for", b"or", b"not"];
        let ends = |len: usize| !rest.get(len).copied().is_some_and(is_name_byte);
        if short.iter().any(|word| rest.starts_with(word))
            || long.iter().any(|word| rest.starts_with(word) && ends(word.len()))
        {
            return Ok(());
        }
        // Other characters start a token of their own, good or bad.
        if self.peek().is_some_and(|byte| byte.is_ascii() && is_name_byte(byte)) {
            return Err(self.error(format!("invalid {name} literal")));
        }
        Ok(())
    }
}
