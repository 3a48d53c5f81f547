using System.Diagnostics.CodeAnalysis;

namespace IdentityProvider.Protocol.Primitives;

/// <summary>A value or an <see cref="OAuthError"/>: exactly one of the two, never both and never neither.</summary>
/// <remarks>The idiom is <c>if (!x.Succeeded) { return x.Error; }</c>. A class and not a struct, because a default struct would be neither.</remarks>
public sealed class Result<T>
    where T : notnull
{
    private Result(T? value, OAuthError? error)
    {
        Value = value;
        Error = error;
    }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    public T? Value { get; }

    public OAuthError? Error { get; }

    public static implicit operator Result<T>(T value) => new(value, error: null);

    public static implicit operator Result<T>(OAuthError error) => new(default, error);

    internal static Result<T> FromValue(T value) => new(value, error: null);
}

/// <summary>Makes a <see cref="Result{T}"/> of an interface type, which the language does not convert by itself.</summary>
public static class Result
{
    public static Result<T> Of<T>(T value)
        where T : notnull => Result<T>.FromValue(value);
}
