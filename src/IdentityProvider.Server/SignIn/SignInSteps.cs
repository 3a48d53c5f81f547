using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Authorization;

namespace IdentityProvider.Server.SignIn;

/// <summary>What is missing to a sign-in: <see cref="SignInPolicy"/>, asked with what the account, the browser and the request are like now.</summary>
internal sealed class SignInSteps(SignInPolicy policy, EnrolledFactors factors, KnownDevices devices)
{
    /// <param name="context">The request.</param>
    /// <param name="account">Who.</param>
    /// <param name="place">For what.</param>
    /// <param name="proofs">What was proved.</param>
    /// <param name="declined">The person does not go up to the level that the request asks for.</param>
    public async Task<SignInStep> NextAsync(
        HttpContext context, Account account, SignInPlace place, IReadOnlyList<Proof> proofs, bool declined = false) =>
        policy.Next(new SignInState
        {
            Account = account,
            Proofs = proofs,
            Factors = await factors.ListAsync(account, context.RequestAborted),
            Demand = place.Demand,
            Declined = declined,
            IsTrustedDevice = place.Flow?.Request.Prompts(PromptValues.Login) != true
                && await devices.IsTrustedAsync(context, account, context.RequestAborted),
        });
}
