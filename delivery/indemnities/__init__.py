"""What a carrier owes for a parcel that came late or was lost: worked out by rule, answered, posted, paid."""
