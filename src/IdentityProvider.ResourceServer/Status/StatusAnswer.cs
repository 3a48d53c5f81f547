namespace IdentityProvider.ResourceServer.Status;

/// <summary>What the issuer's status list says of one token.</summary>
internal enum StatusAnswer
{
    Valid,

    /// <summary>Withdrawn, suspended, or anything else that is not <c>VALID</c> (Token Status List §7.1).</summary>
    NotValid,

    /// <summary>The reference itself cannot be right: another origin, or an index the list does not have.</summary>
    BadReference,

    /// <summary>The list cannot be had, and no earlier copy of it is still good.</summary>
    Unknown,
}
