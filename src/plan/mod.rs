//! A program to the steps that evaluate it.
