using IdentityProvider.Testing;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary><c>oidcc-formpost-basic-certification-test-plan</c>: the modules of the basic plan, answered by <c>response_mode=form_post</c>.</summary>
public sealed class FormPostBasicPlanTests(ServerFixture server) : BasicPlanModules(server, "form_post"), IClassFixture<ServerFixture>;
