/** Nobody gets past it without being signed in. */
import { lazy, Suspense, type ReactNode } from 'react';
import { useMe } from '@/api/me';
import { Failure } from '@/components/Failure';
import { Placeholder } from '@/components/Placeholder';

const SignIn = lazy(() => import('@/pages/sign-in/SignIn'));
const Password = lazy(() => import('@/pages/sign-in/Password'));

export function Gate({ children }: { children: ReactNode }) {
  const me = useMe();
  if (me.isPending) return <Starting />;
  if (me.isError && !me.data) {
    return (
      <main style={{ maxWidth: 560, margin: '15vh auto' }}>
        <Failure error={me.error} again={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) return <Suspense fallback={<Starting />}><SignIn /></Suspense>;
  if (me.data.must_change_password) {
    return <Suspense fallback={<Starting />}><Password must /></Suspense>;
  }
  return children;
}

/** Until it is known who is here. */
function Starting() {
  return (
    <div className="starting">
      <Placeholder lines={4} />
    </div>
  );
}
