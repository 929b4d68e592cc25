"""Fixtures around payment: replaced by the Stripe stand-in's module."""
